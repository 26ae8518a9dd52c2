import { Button } from '@mantine/core';
import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { ShieldX } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Time } from '../components/time.tsx';
import { Notice } from '../destinations/notice.tsx';
import { usePluginRuns, useRelease } from './plugin-runs-queries.ts';

/** A version that the sandbox stopped, why, and the way out. Nothing while it runs. */
export function StruckNotice({ installation }: { installation: Installation }) {
  const runs = usePluginRuns(installation.id);
  const release = useRelease(installation.id);
  const mayRelease = useHasRole('admin');
  const [asking, setAsking] = useState(false);
  const quarantine = runs.data?.quarantine ?? null;
  if (quarantine === null) return null;
  const what = quarantine.reason === 'cpu' ? 'used up its CPU time' : 'broke off with a trap';
  return (
    <Notice tone="danger" icon={ShieldX} title="Quarantined">
      <p>
        Version {installation.version} {what} on {quarantine.strikes} different inputs within an hour, last{' '}
        <Time at={quarantine.since} />. It does not run; what comes in waits and can be replayed. Change to another
        version, or release it when you know why it happened.
      </p>
      {mayRelease && (
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          Release
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title={`Release ${installation.name}`}
        act="Release"
        busy={release.isPending}
        error={release.error}
        onClose={() => {
          release.reset();
          setAsking(false);
        }}
        onConfirm={() =>
          release.mutate(undefined, {
            onSuccess: () => {
              notifyDone(`${installation.name} runs again`);
              setAsking(false);
            },
          })
        }
      >
        It runs again, at first in a lane of its own, and is stopped again if it goes on as before.
      </ConfirmDialog>
    </Notice>
  );
}

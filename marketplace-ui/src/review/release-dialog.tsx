import type { HeldVersion } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { count } from '../consent/words.ts';
import { useRelease } from './held-version-queries.ts';
import { LoggedReason } from './logged-reason.tsx';

/** A reviewer has looked: the version is offered again, and what was found in it is none. */
export function ReleaseDialog({ held, onClose }: { held: HeldVersion; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const release = useRelease(held);
  const { plugin, version, waives } = held;
  return (
    <ConfirmDialog
      opened
      title={`Release ${plugin} ${version}?`}
      act="Release it"
      busy={release.isPending}
      error={release.error}
      blocked={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        release.mutate(
          { reason: reason.trim() },
          {
            onSuccess: () => {
              notifyDone(`${plugin} ${version} is offered again`);
              onClose();
            },
          },
        )
      }
    >
      It is offered again at once.
      {waives.length > 0 &&
        ` ${count(waives.length, 'finding')} of checks will not be held against this content again: ${waives
          .map(({ rule, place }) => (place === '' ? rule : `${rule} in ${place}`))
          .join(', ')}.`}
      <LoggedReason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

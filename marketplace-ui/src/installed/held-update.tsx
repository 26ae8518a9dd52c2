import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, TextInput } from '@mantine/core';
import { Clock } from 'lucide-react';
import { useState } from 'react';
import { useHasRole, useSession } from '../api/session.ts';
import { Actor } from '../components/actor.tsx';
import { useNow } from '../components/clock.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { minuteWords } from '../components/time-words.ts';
import { Notice } from '../destinations/notice.tsx';
import { useAskForEarlyUpdate, useConfirmEarlyUpdate } from './installation-queries.ts';
import { offeredUpdate } from './offered-update.ts';

/** That an update is too new to be taken, until when, and how two admins take it nevertheless. */
export function HeldUpdate({ installation }: { installation: Installation }) {
  const now = useNow(15_000);
  const isPerson = useSession().user !== null;
  const mayAsk = useHasRole('admin') && isPerson;
  const { available, held } = offeredUpdate(installation, now);
  if (held === null) return null;
  const { version, untilMs, early } = held;
  return (
    <Notice tone="neutral" icon={Clock} title={`Version ${version} is held until ${minuteWords(untilMs, now)}`}>
      <p>
        It was approved only recently.{' '}
        {available === null ? 'What runs here goes on running.' : `Until then, ${available} is offered.`}
      </p>
      {early !== null ? (
        <Asked installation={installation} version={version} asked={early} />
      ) : (
        mayAsk && <Ask installation={installation} version={version} />
      )}
    </Notice>
  );
}

interface PartProps {
  installation: Installation;
  version: string;
}

function Ask({ installation: { id, name }, version }: PartProps) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const ask = useAskForEarlyUpdate(id);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Ask to take it early
      </Button>
      <ConfirmDialog
        opened={open}
        title={`Take ${name} ${version} early?`}
        act="Ask another admin"
        busy={ask.isPending}
        blocked={reason.trim() === ''}
        error={ask.error}
        onClose={() => setOpen(false)}
        onConfirm={() =>
          ask.mutate(
            { version, reason: reason.trim() },
            {
              onSuccess: () => {
                setOpen(false);
                notifyDone('Asked. Another admin or owner can confirm it on this page');
              },
            },
          )
        }
      >
        For a security fix that cannot wait. Another admin or owner of this group has to confirm it.
        <TextInput
          mt="md"
          label="Why"
          description="Stands in the audit log"
          required
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </ConfirmDialog>
    </>
  );
}

function Asked({
  installation: { id },
  version,
  asked,
}: PartProps & { asked: NonNullable<NonNullable<Installation['heldUpdate']>['early']> }) {
  const { user } = useSession();
  const mayConfirm = useHasRole('admin') && user !== null && asked.askedBy !== `user:${user.id}`;
  const confirm = useConfirmEarlyUpdate(id);
  return (
    <>
      <p>
        <Actor name={asked.askedBy} /> wants it before then: “{asked.reason}”. Another admin or owner has to confirm.
      </p>
      <InlineError error={confirm.error} />
      {mayConfirm && (
        <Button
          size="xs"
          variant="default"
          loading={confirm.isPending}
          onClick={() =>
            confirm.mutate({ version }, { onSuccess: () => notifyDone(`Version ${version} can be taken now`) })
          }
        >
          Confirm that it is taken early
        </Button>
      )}
    </>
  );
}

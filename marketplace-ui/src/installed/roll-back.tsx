import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { useRollBack } from './installation-queries.ts';

/** Goes back to the version before, after saying what that means. */
export function RollBack({ installation, to }: { installation: Installation; to: string }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const rollBack = useRollBack(installation.id);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Roll back to {to}
      </Button>
      <ConfirmDialog
        opened={open}
        title={`Roll ${installation.name} back to ${to}?`}
        act={`Roll back to ${to}`}
        busy={rollBack.isPending}
        error={rollBack.error}
        onClose={() => setOpen(false)}
        onConfirm={() =>
          rollBack.mutate(
            { reason: reason.trim() === '' ? undefined : reason.trim() },
            {
              onSuccess: () => {
                setOpen(false);
                setReason('');
                notifyDone(`${installation.name} is at ${to} again`);
              },
            },
          )
        }
      >
        Its settings, and what it has stored for itself, become what they were when you left {to}. What it may do is
        what you allowed then. Secrets stay as they are now.
        <TextInput
          mt="md"
          label="Why"
          description="Stands in the audit log"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </ConfirmDialog>
    </>
  );
}

import type { SignOff } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { count, joinWords } from '../consent/words.ts';
import { LoggedReason } from './logged-reason.tsx';
import { useConfirmSignOff, useWithdrawSignOff } from './sign-off-queries.ts';

interface SignOffDialogProps {
  signOff: SignOff;
  onClose: () => void;
}

/** The second reviewer makes it final. */
export function ConfirmSignOffDialog({ signOff, onClose }: SignOffDialogProps) {
  const confirm = useConfirmSignOff(signOff.id);
  const { plugin, versions, installs, reason } = signOff;
  return (
    <ConfirmDialog
      opened
      destructive
      title={`Revoke ${plugin} everywhere?`}
      act="Revoke everywhere"
      busy={confirm.isPending}
      error={confirm.error}
      onClose={onClose}
      onConfirm={() =>
        confirm.mutate(undefined, {
          onSuccess: ({ revoked }) => {
            notifyDone(`${plugin} ${joinWords(revoked)} runs nowhere any more`);
            onClose();
          },
        })
      }
    >
      {joinWords(versions)} will run nowhere any more, in {count(installs, 'installation')}, also where an operator has
      enabled it again. This cannot be taken back. Every operator who has it reads: {reason}
    </ConfirmDialog>
  );
}

/** It stays disabled and off the catalogue, and does not become final. */
export function WithdrawSignOffDialog({ signOff, onClose }: SignOffDialogProps) {
  const [reason, setReason] = useState('');
  const withdraw = useWithdrawSignOff(signOff.id);
  return (
    <ConfirmDialog
      opened
      title="Withdraw the hard revocation?"
      act="Withdraw it"
      busy={withdraw.isPending}
      error={withdraw.error}
      blocked={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        withdraw.mutate(
          { reason: reason.trim() },
          {
            onSuccess: () => {
              notifyDone(`${signOff.plugin} stays softly revoked`);
              onClose();
            },
          },
        )
      }
    >
      {signOff.plugin} {joinWords(signOff.versions)} stays softly revoked: nobody installs it or updates to it, and
      operators who have it may enable it again.
      <LoggedReason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

import type { SubmissionFinding } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { LoggedReason } from './logged-reason.tsx';
import { useWaive } from './review-queries.ts';

interface WaiveDialogProps {
  submissionId: string;
  /** Null: closed. */
  finding: SubmissionFinding | null;
  onClose: () => void;
}

/** A reviewer says that a finding is none, and why; it holds for exactly this content. */
export function WaiveDialog({ submissionId, finding, onClose }: WaiveDialogProps) {
  const [reason, setReason] = useState('');
  const waive = useWaive(submissionId);
  const close = () => {
    waive.reset();
    setReason('');
    onClose();
  };
  return (
    <ConfirmDialog
      opened={finding !== null}
      title="Waive this finding"
      act="Waive it"
      busy={waive.isPending}
      blocked={reason.trim() === ''}
      error={waive.error}
      onClose={close}
      onConfirm={() =>
        finding &&
        waive.mutate(
          { rule: finding.rule, place: finding.place, reason: reason.trim() },
          {
            onSuccess: () => {
              notifyDone('Waived: the author can upload the same package again');
              close();
            },
          },
        )
      }
    >
      <p>
        <span className="mono">{finding?.rule}</span> {finding?.place !== '' && `in ${finding?.place ?? ''}`} is no
        reason to refuse this content of this plugin, in this version and later ones. A changed byte is looked at again.
      </p>
      <LoggedReason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

import type { CheckPolicy } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { LoggedReason } from './logged-reason.tsx';
import { useSetCheckPolicy } from './check-queries.ts';

export type SwitchName = 'enabled' | 'enforced' | 'required';

interface ChangeCheckDialogProps {
  check: CheckPolicy;
  name: SwitchName;
  onClose: () => void;
}

/** Asks why a switch is turned; where that weakens the check, says what gets through then. */
export function ChangeCheckDialog({ check, name, onClose }: ChangeCheckDialogProps) {
  const [reason, setReason] = useState('');
  const set = useSetCheckPolicy(check.name);
  const weakens = check[name];
  const after = { ...check, [name]: !weakens };
  // What is not made cannot be required: the registry refuses it.
  if (!after.enabled) after.required = false;
  const { enabled, enforced, required } = after;
  return (
    <ConfirmDialog
      opened
      title={`${weakens ? 'Weaken' : 'Strengthen'} the check “${check.name}”?`}
      act={actOf(name, weakens)}
      destructive={weakens}
      busy={set.isPending}
      error={set.error}
      blocked={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        set.mutate(
          { enabled, enforced, required, reason: reason.trim() },
          {
            onSuccess: () => {
              notifyDone(`“${check.name}” is ${weakens ? 'no longer' : 'now'} ${name}`);
              onClose();
            },
          },
        )
      }
    >
      {weakens ? losses[name] : gains[name]}
      <LoggedReason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}

function actOf(name: SwitchName, weakens: boolean): string {
  if (name === 'enabled') return weakens ? 'Stop making it' : 'Make it again';
  if (name === 'enforced') return weakens ? 'Only show findings' : 'Reject on a finding';
  return weakens ? 'Publish without its pass' : 'Require its pass';
}

const losses: Record<SwitchName, string> = {
  enabled: 'From the next package on nobody looks for what this check finds, and it is no longer required either.',
  enforced: 'From the next package on a finding is only shown: a reviewer has to see it and turn the package down.',
  required: 'From the next package on a version can be published without this check’s pass.',
};

const gains: Record<SwitchName, string> = {
  enabled: 'It is made for every package from the next one on.',
  enforced: 'A finding rejects every package from the next one on.',
  required: 'Nothing is published without its pass from the next package on.',
};

import { TextInput } from '@mantine/core';
import type { OwnPlugin } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { count } from '../consent/words.ts';
import { useYank } from './publishing-queries.ts';

interface YankDialogProps {
  plugin: string;
  version: OwnPlugin['versions'][number];
  onClose: () => void;
}

/** Takes a version out of the catalogue; who has it keeps it. */
export function YankDialog({ plugin, version, onClose }: YankDialogProps) {
  const [reason, setReason] = useState('');
  const yank = useYank(plugin);
  return (
    <ConfirmDialog
      opened
      title={`Yank ${version.version}?`}
      act={`Yank ${version.version}`}
      busy={yank.isPending}
      error={yank.error}
      blocked={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        yank.mutate(
          { version: version.version, reason: reason.trim() },
          {
            onSuccess: () => {
              notifyDone(`${version.version} is yanked`);
              onClose();
            },
          },
        )
      }
    >
      Nobody new gets it; {count(version.installs, 'installation')} of it {version.installs === 1 ? 'goes' : 'go'} on
      running. You can offer it again.
      <TextInput
        mt="md"
        label="Why"
        description="Who has it reads this"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

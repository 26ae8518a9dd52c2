import { TextInput } from '@mantine/core';
import type { OwnPlugin } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { count } from '../consent/words.ts';
import { useDeprecate } from './publishing-queries.ts';

/** Says that a plugin is no longer looked after, and what to use instead. */
export function DeprecateDialog({ plugin, onClose }: { plugin: OwnPlugin; onClose: () => void }) {
  const [message, setMessage] = useState('');
  const [replacement, setReplacement] = useState('');
  const deprecate = useDeprecate(plugin.plugin);
  const instead = replacement.trim();
  return (
    <ConfirmDialog
      opened
      title={`Deprecate ${plugin.name}?`}
      act={`Deprecate ${plugin.name}`}
      busy={deprecate.isPending}
      error={deprecate.error}
      blocked={message.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        deprecate.mutate(
          { message: message.trim(), replacement: instead === '' ? null : instead },
          {
            onSuccess: () => {
              notifyDone(`${plugin.name} is marked as deprecated`);
              onClose();
            },
          },
        )
      }
    >
      It stays listed, and {count(plugin.installs, 'installation')} {plugin.installs === 1 ? 'goes' : 'go'} on running.
      Who has it and who is about to install it read your words. You can take it back.
      <TextInput
        mt="md"
        label="Why"
        description="For instance: the vendor has shut down the API"
        maxLength={500}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
      />
      <TextInput
        mt="md"
        label="Use instead"
        description="Namespace and name of another plugin; may stay empty"
        placeholder="acme/probe"
        maxLength={80}
        value={replacement}
        onChange={(event) => setReplacement(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

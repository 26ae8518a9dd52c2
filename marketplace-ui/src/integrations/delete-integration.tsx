import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useDeleteIntegration } from './integration-queries.ts';

/** Ends an integration for good; its name is typed, because senders lose their address. */
export function DeleteIntegration({ integration }: { integration: Integration }) {
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useDeleteIntegration(integration.id);
  const navigate = useNavigate();
  return (
    <Section title="Delete">
      <p style={{ margin: '0 0 12px' }}>Its address and key stop working at once. Incidents and requests stay.</p>
      <Button variant="default" onClick={() => setAsking(true)}>
        Delete the integration
      </Button>
      <ConfirmDialog
        opened={asking}
        destructive
        title={`Delete “${integration.name}”?`}
        act="Delete the integration"
        blocked={typed.trim() !== integration.name}
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              notifyDone(`“${integration.name}” deleted`);
              void navigate({ to: '/integrations' });
            },
          })
        }
      >
        <p style={{ margin: '0 0 12px' }}>Whatever still posts to it is answered 404. This cannot be undone.</p>
        <TextInput
          label={`Type “${integration.name}” to confirm`}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </ConfirmDialog>
    </Section>
  );
}

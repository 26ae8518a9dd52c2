import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { useDeleteDestination } from '../destinations/destination-queries.ts';

export function DeleteWebhook({ webhook }: { webhook: Destination }) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteDestination('webhooks', webhook.id);
  const navigate = useNavigate();
  return (
    <Section title="Delete">
      <p style={{ margin: '0 0 12px' }}>To stop it for a while, pause it instead: then deliveries wait.</p>
      <Button variant="default" onClick={() => setAsking(true)}>
        Delete the webhook
      </Button>
      <ConfirmDialog
        opened={asking}
        destructive
        title={`Delete “${webhook.name}”?`}
        act="Delete the webhook"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              notifyDone(`“${webhook.name}” deleted`);
              void navigate({ to: '/webhooks' });
            },
          })
        }
      >
        Nothing more is sent to it, and waiting deliveries are cancelled. The log stays. This cannot be undone.
      </ConfirmDialog>
    </Section>
  );
}

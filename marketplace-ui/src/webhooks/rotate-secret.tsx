import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Section } from '../components/section.tsx';
import { useRotateSecret } from '../destinations/destination-queries.ts';
import { SecretOnce } from './secret-once.tsx';

const OVERLAP_HOURS = 24;

/** A new signing secret; the old one signs beside it for a while. */
export function RotateSecret({ webhook }: { webhook: Destination }) {
  const [asking, setAsking] = useState(false);
  const rotate = useRotateSecret(webhook.id);
  return (
    <Section title="Signing secret">
      {rotate.data === undefined ? (
        <>
          <p style={{ margin: '0 0 12px' }}>
            Every delivery is signed by Standard Webhooks. The secret was shown when it was made and is not shown again.
          </p>
          <Button variant="default" onClick={() => setAsking(true)}>
            Rotate the secret
          </Button>
        </>
      ) : (
        <SecretOnce secret={rotate.data.secret} rotated />
      )}
      <ConfirmDialog
        opened={asking}
        title="Rotate the signing secret?"
        act="Rotate the secret"
        busy={rotate.isPending}
        error={rotate.error}
        onClose={() => setAsking(false)}
        onConfirm={() => rotate.mutate(OVERLAP_HOURS, { onSuccess: () => setAsking(false) })}
      >
        You see the new secret once. For {OVERLAP_HOURS} hours each delivery carries both signatures, so a receiver with
        the old secret goes on working until then.
      </ConfirmDialog>
    </Section>
  );
}

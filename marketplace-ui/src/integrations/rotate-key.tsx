import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { useRotateKey } from './integration-queries.ts';
import { overlaps, overlapWords } from './overlaps.ts';
import classes from './integration-page.module.css';

/** A new key, with the old one working on until the sender was changed. */
export function RotateKey({ integration }: { integration: Integration }) {
  const [hours, setHours] = useState('24');
  const [asking, setAsking] = useState(false);
  const rotate = useRotateKey(integration.id);
  const when = overlapWords(hours);
  return (
    <Section title="Key">
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label="The old key stops working"
          data={overlaps}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
        />
        <Button variant="default" onClick={() => setAsking(true)}>
          Rotate the key
        </Button>
      </Group>
      <p className={classes.muted}>
        {integration.olderKeyUntil === null ? (
          'You get a new key. Both work in between, so that no alert is lost while you change the sender.'
        ) : (
          <>
            A key that was replaced still works until <Time at={integration.olderKeyUntil} exact />.
          </>
        )}
      </p>
      <ConfirmDialog
        opened={asking}
        title="Rotate the key?"
        act="Rotate the key"
        destructive={hours === '0'}
        busy={rotate.isPending}
        error={rotate.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          rotate.mutate(Number(hours), {
            onSuccess: () => {
              setAsking(false);
              notifyDone('New key made: it is under “Connect a sender”');
            },
          })
        }
      >
        {hours === '0'
          ? 'The old key stops working at once. Requests with it are refused until you enter the new one at the sender.'
          : `The new key works now, the old one stops working ${when}. Enter the new one at the sender before then.`}
      </ConfirmDialog>
    </Section>
  );
}

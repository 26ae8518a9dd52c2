import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group, NativeSelect, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { Time } from '../components/time.tsx';
import { useRotateSecret } from './integration-queries.ts';
import { overlaps, overlapWords } from './overlaps.ts';
import { SECRET_CHARS } from './security-draft.ts';
import classes from './integration-page.module.css';

/** A new signature secret, with the old one taken on until the sender was changed. */
export function RotateSecret({ integration }: { integration: Integration }) {
  const [secret, setSecret] = useState('');
  const [hours, setHours] = useState('24');
  const rotate = useRotateSecret(integration.id);
  const { olderSecretUntil } = integration.signature;
  const fits = secret.length >= SECRET_CHARS.min && secret.length <= SECRET_CHARS.max;
  return (
    <Section title="Rotate the signature secret">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!fits) return;
          rotate.mutate(
            { secret, overlapHours: Number(hours) },
            {
              onSuccess: () => {
                setSecret('');
                notifyDone(`New secret set; the old one stops counting ${overlapWords(hours)}`);
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="New secret"
            description="The one that the sender signs with from now on."
            error={secret !== '' && !fits ? `Enter ${SECRET_CHARS.min} to ${SECRET_CHARS.max} characters.` : undefined}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what you typed as new secret' }}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <Group align="flex-end" gap="sm">
            <NativeSelect
              label="The old secret stops counting"
              data={overlaps}
              value={hours}
              onChange={(event) => setHours(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={rotate.isPending} disabled={!fits}>
              Rotate the secret
            </Button>
          </Group>
          <InlineError error={rotate.error} />
        </Stack>
      </form>
      <p className={classes.muted}>
        {olderSecretUntil === null ? (
          'Signatures of both are right in between, so that no alert is lost while you change the sender.'
        ) : (
          <>
            A secret that was replaced still counts until <Time at={olderSecretUntil} exact />.
          </>
        )}
      </p>
    </Section>
  );
}

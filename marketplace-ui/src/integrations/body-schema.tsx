import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { InlineError } from '../components/inline-error.tsx';
import { notifyDone } from '../components/notify.tsx';
import { Section } from '../components/section.tsx';
import { focusFirst } from '../settings-form/focus-first.ts';
import { readBodySchema, schemaText } from './body-schema-draft.ts';
import { useChangeIntegration } from './integration-queries.ts';

/** A JSON Schema that bodies have to fit before the plugin gets them. */
export function BodySchema({ integration }: { integration: Integration }) {
  const [text, setText] = useState(() => schemaText(integration.bodySchema));
  const change = useChangeIntegration(integration.id);
  const mayChange = useHasRole('member');
  const read = readBodySchema(text);
  return (
    <Section title="Schema of your own">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!read.ok) {
            focusFirst(['body-schema']);
            return;
          }
          change.mutate(
            { bodySchema: read.schema },
            {
              onSuccess: (saved) => {
                setText(schemaText(saved.bodySchema));
                notifyDone(saved.bodySchema === null ? 'No schema any more' : 'Saved the schema');
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Textarea
            id="body-schema"
            label="JSON Schema"
            description="A body that does not fit is refused (400) with the places, before the plugin gets it. Empty: every body may pass."
            error={read.ok ? undefined : read.issue}
            disabled={!mayChange}
            autosize
            minRows={3}
            maxRows={20}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <InlineError error={change.error} />
          {mayChange && (
            <Group>
              <Button
                type="submit"
                variant="default"
                loading={change.isPending}
                disabled={text === schemaText(integration.bodySchema)}
              >
                Save the schema
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

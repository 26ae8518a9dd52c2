import { NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { Section } from '../components/section.tsx';
import { EventFilterFields } from '../destinations/event-filter-fields.tsx';
import { environmentChoices } from '../marketplace/plugin-words.ts';
import { MapField } from '../settings-form/map-field.tsx';
import type { WebhookDraft, WebhookIssues } from './webhook-draft.ts';

interface WebhookFieldsProps {
  draft: WebhookDraft;
  issues: WebhookIssues;
  /** Environment and attempts are decided once. */
  isNew: boolean;
  onChange: (change: Partial<WebhookDraft>) => void;
}

export const webhookIds = {
  name: 'webhook-name',
  url: 'webhook-url',
  headers: 'webhook-headers',
  maxAttempts: 'webhook-attempts',
} as const;

/** Where a webhook posts to, what it hears of, and how. */
export function WebhookFields({ draft, issues, isNew, onChange }: WebhookFieldsProps) {
  return (
    <Stack gap="md">
      <Section title="Where to">
        <Stack gap="md">
          <TextInput
            id={webhookIds.name}
            label="Name"
            withAsterisk
            maxLength={80}
            error={issues.name}
            value={draft.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <TextInput
            id={webhookIds.url}
            label="URL"
            description="Patchbay posts JSON there, signed by Standard Webhooks. Addresses inside your network must be allowed by the operator."
            withAsterisk
            inputMode="url"
            autoComplete="off"
            placeholder="https://example.com/hooks/patchbay"
            error={issues.url}
            value={draft.url}
            onChange={(event) => onChange({ url: event.currentTarget.value })}
          />
          {isNew && (
            <NativeSelect
              label="Environment"
              data={environmentChoices}
              value={draft.environment}
              onChange={(event) =>
                onChange({
                  environment:
                    environmentChoices.find(({ value }) => value === event.currentTarget.value)?.value ??
                    draft.environment,
                })
              }
            />
          )}
        </Stack>
      </Section>
      <Section title="What it hears of">
        <EventFilterFields
          value={draft.filter}
          issue={issues.filter ?? null}
          onChange={(filter) => onChange({ filter })}
        />
      </Section>
      <Section title="Headers and attempts">
        <Stack gap="md">
          <MapField
            id={webhookIds.headers}
            label="Headers of your own"
            description="Sent with every delivery and shown on this page: put no secret here, check the signature instead."
            names={{ key: 'Header', value: 'Value' }}
            entries={draft.headers}
            error={issues.headers}
            onChange={(headers) => onChange({ headers })}
          />
          {isNew && (
            <NumberInput
              id={webhookIds.maxAttempts}
              label="Attempts at most"
              description="Empty: 10, over about 19 hours. After the last one the delivery is dead and can be replayed by hand."
              allowDecimal={false}
              clampBehavior="none"
              styles={{ wrapper: { width: 200 } }}
              error={issues.maxAttempts}
              value={draft.maxAttempts}
              onChange={(maxAttempts) => onChange({ maxAttempts })}
            />
          )}
        </Stack>
      </Section>
    </Stack>
  );
}

import type { z } from 'zod';
import type { webhookCreatedSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useHasRole, useSession } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useHeadingFocus } from '../consent/heading-focus.ts';
import { useCreateWebhook } from '../destinations/destination-queries.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import { SecretOnce } from './secret-once.tsx';
import { webhookDraft, webhookInput, webhookIssues } from './webhook-draft.ts';
import { WebhookFields, webhookIds } from './webhook-fields.tsx';

type Created = z.infer<typeof webhookCreatedSchema>;

/** Makes a webhook; afterwards the same page shows its secret, once. */
export function NewWebhookPage() {
  const [created, setCreated] = useState<Created | null>(null);
  const mayCreate = useHasRole('admin');
  const { group } = useSession();
  if (!mayCreate)
    return (
      <>
        <PageHeader title="Create a webhook" crumbs={crumbs} />
        <EmptyState kind="no-right" title="You may not create webhooks">
          Only admins of {group.name} create webhooks. Ask one of its owners or admins.
        </EmptyState>
      </>
    );
  return (
    <div style={{ maxWidth: 760, marginInline: 'auto' }}>
      {created === null ? <Create onCreated={setCreated} /> : <Made webhook={created} />}
    </div>
  );
}

const crumbs = [
  <TextLink key="webhooks" to="/webhooks">
    Webhooks
  </TextLink>,
];

function Create({ onCreated }: { onCreated: (webhook: Created) => void }) {
  const [draft, setDraft] = useState(() => webhookDraft());
  const [tried, setTried] = useState(false);
  const create = useCreateWebhook();
  useHeadingFocus();
  const issues = webhookIssues(draft);
  return (
    <>
      <PageHeader
        title="Create a webhook"
        crumbs={crumbs}
        about="Patchbay posts every change that you tick to an address of yours."
      />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(issues).length > 0) {
            focusFirst(Object.entries(webhookIds).flatMap(([field, id]) => (Object.hasOwn(issues, field) ? [id] : [])));
            return;
          }
          create.mutate(webhookInput(draft), { onSuccess: onCreated });
        }}
      >
        <Stack gap="md">
          <WebhookFields
            isNew
            draft={draft}
            issues={tried ? issues : {}}
            onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
          />
          <InlineError error={create.error} />
          <Group justify="flex-end" gap="sm">
            <ButtonLink variant="default" to="/webhooks">
              Cancel
            </ButtonLink>
            <Button type="submit" loading={create.isPending}>
              Create the webhook
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}

function Made({ webhook }: { webhook: Created }) {
  useHeadingFocus();
  return (
    <>
      <PageHeader title={`“${webhook.name}” is ready`} crumbs={crumbs} />
      <Stack gap="md">
        <SecretOnce secret={webhook.secret} rotated={false} />
        <Group gap="sm">
          <ButtonLink to="/webhooks/$id" params={{ id: webhook.id }}>
            Open the webhook and send a test
          </ButtonLink>
        </Group>
      </Stack>
    </>
  );
}

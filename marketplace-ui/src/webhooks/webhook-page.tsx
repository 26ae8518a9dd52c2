import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CheckCircle2, CircleX, Send } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { CopyText } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { InlineError } from '../components/inline-error.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { notifyDone, notifyFailed } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { HttpStatus, Status, SwitchState } from '../components/status.tsx';
import { Duration, Time } from '../components/time.tsx';
import { DestinationCounts } from '../destinations/destination-counts.tsx';
import {
  useChangeWebhook,
  useSwitchDestination,
  useTestWebhook,
  webhookQuery,
} from '../destinations/destination-queries.ts';
import { DestinationTrouble } from '../destinations/destination-state.tsx';
import { filterInWords } from '../destinations/event-filter.ts';
import { useServiceName } from '../services/use-service-name.ts';
import { focusFirst } from '../settings-form/focus-first.ts';
import { DeleteWebhook } from './delete-webhook.tsx';
import { RotateSecret } from './rotate-secret.tsx';
import { webhookDraft, webhookIssues, webhookPatch } from './webhook-draft.ts';
import { WebhookFields, webhookIds } from './webhook-fields.tsx';

const route = getRouteApi('/app/webhooks/$id');

/** One webhook: how its deliveries go, what it hears of, its secret. */
export function WebhookPage() {
  const { id } = route.useParams();
  const query = useQuery(webhookQuery(id));
  if (query.isError)
    return (
      <FailedPage
        title="Webhook"
        error={query.error}
        onRetry={() => void query.refetch()}
        crumbs={[
          <TextLink key="up" to="/webhooks">
            Webhooks
          </TextLink>,
        ]}
      />
    );
  if (query.isPending) return <PageSkeleton />;
  return <WebhookBody key={id} webhook={query.data} />;
}

function WebhookBody({ webhook }: { webhook: Destination }) {
  const [editing, setEditing] = useState(false);
  const serviceName = useServiceName();
  const mayChange = useHasRole('admin');
  const mayTest = useHasRole('member');
  const test = useTestWebhook(webhook.id);
  return (
    <div style={{ maxWidth: 860 }}>
      <PageHeader
        title={webhook.name}
        badges={<SwitchState value={webhook.state} pill />}
        crumbs={[
          <TextLink key="webhooks" to="/webhooks">
            Webhooks
          </TextLink>,
        ]}
        about={
          <>
            In {webhook.environment}, created <Time at={webhook.createdAt} />
          </>
        }
        actions={mayTest && <WebhookActs webhook={webhook} test={test} />}
      />
      <Stack gap="md">
        <TestOutcome test={test} />
        <DestinationTrouble destination={webhook} />
        <Section
          title="Deliveries"
          actions={
            <ButtonLink variant="default" size="xs" to="/deliveries" search={{ destinationId: webhook.id }}>
              Open the delivery log
            </ButtonLink>
          }
        >
          <DestinationCounts destination={webhook} />
        </Section>
        {editing ? (
          <Edit webhook={webhook} onDone={() => setEditing(false)} />
        ) : (
          <Section
            title="What it hears of, and where it goes"
            actions={
              mayChange && (
                <Button variant="default" size="xs" onClick={() => setEditing(true)}>
                  Change
                </Button>
              )
            }
          >
            <Facts
              entries={[
                ['Posts to', webhook.url === null ? undefined : <CopyText text={webhook.url} label="Copy the URL" />],
                ['Hears of', filterInWords(webhook.filter, serviceName)],
                [
                  'Headers',
                  Object.keys(webhook.headers).length === 0 ? (
                    'none of your own'
                  ) : (
                    <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
                      {Object.entries(webhook.headers).map(([name, value]) => (
                        <li key={name} className="mono">
                          {name}: {value}
                        </li>
                      ))}
                    </ul>
                  ),
                ],
              ]}
            />
          </Section>
        )}
        {mayChange && <RotateSecret webhook={webhook} />}
        {mayChange && <DeleteWebhook webhook={webhook} />}
      </Stack>
    </div>
  );
}

function WebhookActs({ webhook, test }: { webhook: Destination; test: ReturnType<typeof useTestWebhook> }) {
  const pause = useSwitchDestination('webhooks', webhook.id);
  const mayChange = useHasRole('admin');
  return (
    <>
      {mayChange && webhook.state === 'active' && (
        <Button
          variant="default"
          loading={pause.isPending}
          onClick={() =>
            pause.mutate('paused', {
              onSuccess: () => notifyDone(`“${webhook.name}” paused; deliveries wait`),
              onError: (error) => notifyFailed(`“${webhook.name}” could not be paused`, error),
            })
          }
        >
          Pause
        </Button>
      )}
      <Button
        leftSection={<Send size={14} aria-hidden="true" />}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        Send a test
      </Button>
    </>
  );
}

/** How the last test went. It is not in the delivery log, because no incident stands behind it. */
function TestOutcome({ test }: { test: ReturnType<typeof useTestWebhook> }) {
  if (test.isError) return <InlineError error={test.error} />;
  if (test.data === undefined) return null;
  const { ok, status, message, durationMs } = test.data;
  return (
    <Section title="Test">
      <div role="status" style={{ display: 'flex', flexWrap: 'wrap', gap: '6px 14px', alignItems: 'center' }}>
        <Status
          pill
          word={ok ? 'Received' : 'Not received'}
          tone={ok ? 'good' : 'danger'}
          icon={ok ? CheckCircle2 : CircleX}
        />
        <HttpStatus value={status} />
        <span>
          {message} in <Duration ms={durationMs} />. A test is not in the delivery log.
        </span>
      </div>
    </Section>
  );
}

function Edit({ webhook, onDone }: { webhook: Destination; onDone: () => void }) {
  const [draft, setDraft] = useState(() => webhookDraft(webhook));
  const change = useChangeWebhook(webhook.id);
  const issues = webhookIssues(draft);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (Object.keys(issues).length > 0) {
          focusFirst(Object.entries(webhookIds).flatMap(([field, id]) => (Object.hasOwn(issues, field) ? [id] : [])));
          return;
        }
        change.mutate(webhookPatch(draft), {
          onSuccess: () => {
            notifyDone(`“${draft.name.trim()}” saved`);
            onDone();
          },
        });
      }}
    >
      <Stack gap="md">
        <WebhookFields
          isNew={false}
          draft={draft}
          issues={issues}
          onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
        />
        <InlineError error={change.error} />
        <Group gap="sm">
          <Button type="submit" loading={change.isPending}>
            Save the webhook
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

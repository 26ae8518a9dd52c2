import {
  clip,
  defineIntegration,
  failed,
  ingestedFrom,
  skipped,
  type Change,
  type DeliverContext,
  type DeliverResult,
} from '@patchbay/plugin-sdk';
import { messagesOf } from './automation.ts';
import { comment } from './comment.ts';
import { existingIssueOf, forgetIssueOf, issueOf, linkBack, type Issue } from './issue.ts';
import { jiraAt, type Jira } from './jira-api.ts';
import { Outcome } from './outcome.ts';
import { siteOrigin, type Settings } from './settings.ts';
import { finish, reopen } from './status.ts';
import { webhookEvent } from './webhook-event.ts';
import { webhookSchema } from './webhook.schema.ts';
import { readWebhookSettings } from './webhook-settings.ts';

type Context = DeliverContext<Settings>;

export default defineIntegration<Settings>({
  /** An integration has settings of its own, beside those of the connector. */
  ingest(request, { configuration }) {
    const settings = readWebhookSettings({ ...configuration });
    const readings = messagesOf(request.json()).map((message) =>
      webhookEvent(request.parse(webhookSchema, message), settings),
    );
    return ingestedFrom(readings, request, 'There is no issue');
  },
  async deliver(change, context) {
    const origin = siteOrigin(context.configuration);
    if (origin === undefined) return failed('The site in the settings is no web address');
    try {
      return await carry(change, jiraAt(origin), origin, context);
    } catch (error) {
      if (error instanceof Outcome) return error.result;
      throw error;
    }
  },
});

function carry(change: Change, jira: Jira, origin: string, context: Context): Promise<DeliverResult> {
  switch (change.type) {
    case 'incident.opened':
      return opened(change, jira, origin, context);
    case 'incident.updated':
      return updated(change, jira, origin, context);
    case 'incident.acknowledged':
      return noted(change, 'Acknowledged', jira, origin, context);
    case 'incident.unacknowledged':
      return noted(change, 'No longer acknowledged', jira, origin, context);
    case 'incident.resolved':
      return resolved(change, jira, origin, context);
    case 'incident.reopened':
      return reopened(change, jira, origin, context);
  }
}

async function opened(change: Change, jira: Jira, origin: string, context: Context): Promise<DeliverResult> {
  const { issue } = await issueOf(change.incident, jira, context);
  await remember(change, context);
  await linkBack(issue, change.incident, jira, context);
  return arrived(issue, change, origin);
}

/** Alerts repeat themselves: only what a reader of the issue does not know yet is worth a comment. */
async function updated(change: Change, jira: Jira, origin: string, context: Context): Promise<DeliverResult> {
  const { incident } = change;
  if (incident.status === 'resolved') return skipped('The incident is resolved by now');
  const seen = await context.store.get<Seen>(seenKey(change));
  if (seen?.severity === incident.severity && seen.summary === incident.summary)
    return skipped('Severity and summary are as the issue says already');
  const { issue, isNew } = await issueOf(incident, jira, context);
  if (isNew) await linkBack(issue, incident, jira, context);
  else await comment(issue, change, updateHeadline(seen, change), jira, context);
  await remember(change, context);
  return arrived(issue, change, origin);
}

function updateHeadline(seen: Seen | undefined, { incident }: Change): string {
  return seen !== undefined && seen.severity !== incident.severity
    ? `Severity changed from ${seen.severity} to ${incident.severity}`
    : 'Updated';
}

async function noted(
  change: Change,
  headline: string,
  jira: Jira,
  origin: string,
  context: Context,
): Promise<DeliverResult> {
  const { issue, isNew } = await issueOf(change.incident, jira, context);
  if (isNew) await linkBack(issue, change.incident, jira, context);
  await comment(issue, change, headline, jira, context);
  return arrived(issue, change, origin);
}

/** The comment goes first: some workflows allow none on a closed issue. */
async function resolved(change: Change, jira: Jira, origin: string, context: Context): Promise<DeliverResult> {
  const issue = await existingIssueOf(change.incident, jira, context);
  if (issue === undefined) return skipped('The incident never had an issue in Jira');
  await comment(issue, change, 'Resolved', jira, context);
  const isDone = await finish(issue, context.configuration.doneTransition, jira);
  await forgetIssueOf(change.incident, context);
  await context.store.delete(seenKey(change));
  if (isDone) return arrived(issue, change, origin);
  return {
    ...arrived(issue, change, origin),
    note: `The workflow has no transition from the present status of ${issue.key} to a done one: it was only commented`,
  };
}

async function reopened(change: Change, jira: Jira, origin: string, context: Context): Promise<DeliverResult> {
  const { issue, isNew } = await issueOf(change.incident, jira, context);
  await remember(change, context);
  if (isNew) {
    await linkBack(issue, change.incident, jira, context);
    return arrived(issue, change, origin);
  }
  const isOpen = await reopen(issue, jira);
  await comment(issue, change, 'Reopened', jira, context);
  if (isOpen) return arrived(issue, change, origin);
  return {
    ...arrived(issue, change, origin),
    note: `The workflow has no transition that takes ${issue.key} out of its done status: it was only commented`,
  };
}

/** What the issue says of the incident. */
interface Seen {
  severity: string;
  summary: string;
}

const seenKey = (change: Change) => `seen:${change.incident.id}`;

async function remember(change: Change, { store }: Context): Promise<void> {
  const { severity, summary } = change.incident;
  await store.set(seenKey(change), { severity, summary } satisfies Seen);
}

function arrived(issue: Issue, { incident }: Change, origin: string): DeliverResult & { outcome: 'delivered' } {
  return {
    outcome: 'delivered',
    linked: { key: issue.key, href: `${origin}/browse/${issue.key}`, title: clip(incident.summary, 256) },
  };
}

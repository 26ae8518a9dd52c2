import { actEvent, dedupKey, eventOf, firstText, hostOf, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading } from '@patchbay/plugin-sdk';
import { namedOf } from './named-of.ts';
import type { WebhookIssue, WebhookMessage } from './webhook.schema.ts';
import type { WebhookSettings } from './webhook-settings.ts';

/** Numbers of the categories, which are the same on every site, for senders that leave their keys out. */
const CATEGORIES: Record<string, string> = { '2': 'new', '3': 'done', '4': 'indeterminate' };

const INCIDENT_LABEL = /^patchbay-(inc_\w{1,60})$/;

/** What becomes of a webhook: an issue is a problem until its status is in the category done, or it is deleted. */
export function webhookEvent(message: WebhookMessage, settings: WebhookSettings): Reading {
  const name = textOf(message.webhookEvent) ?? 'jira:issue_updated';
  const { issue } = message;
  if (!/^(jira:)?issue_(created|updated|deleted)$/.test(name) || issue === undefined || issue === null)
    return { ignored: `"${name.slice(0, 60)}" says nothing about the status of an issue` };
  if (isComment(message)) return { ignored: 'A comment says nothing about the status of an issue' };
  const fields = issue.fields ?? {};
  const labels = (fields.labels ?? []).flatMap((label) => textOf(label) ?? []);
  const action = actionOf(name, issue, settings);
  const incident = labels.map((label) => INCIDENT_LABEL.exec(label)?.[1]).find((id) => id !== undefined);
  if (incident !== undefined) return ownIssue(action, incident, message);
  const left = leftOut(issue, settings);
  if (left !== undefined) return { ignored: left };
  if (action === undefined) return { ignored: 'The issue has no status, so nothing says whether it is open' };
  return issueEvent(name, issue, action, labels, settings);
}

/**
 * Servers send a comment as an update of its issue; new ones say so, for old ones it is an update that changed nothing.
 * One that was deleted is a change of the comment alone.
 */
function isComment({ comment, changelog, issue_event_type_name: type }: WebhookMessage): boolean {
  const changes = (changelog?.items ?? []).map((item) => textOf((Object(item) as { field?: unknown }).field) ?? '');
  if (changes.length > 0) return changes.every((field) => field.toLowerCase() === 'comment');
  if (comment === undefined || comment === null) return false;
  const kind = textOf(type);
  return kind === undefined || kind.startsWith('issue_comment');
}

function actionOf(name: string, issue: WebhookIssue, settings: WebhookSettings): EventAction | undefined {
  if (name.endsWith('issue_deleted')) return 'resolve';
  const status = namedOf(issue.fields?.status);
  const category = status.statusCategory;
  switch (textOf(category?.key)?.toLowerCase() ?? CATEGORIES[textOf(category?.id) ?? ''] ?? '') {
    case 'done':
      return 'resolve';
    case 'indeterminate':
      return settings.inProgress;
    case 'new':
    case 'undefined':
      return 'trigger';
    default:
      // Servers before 6.2 know no categories of statuses.
      if (textOf(namedOf(issue.fields?.resolution).name) !== undefined) return 'resolve';
      if (/^(closed|resolved|done)$/i.test(textOf(status.name) ?? '')) return 'resolve';
      return textOf(status.name) === undefined && !name.endsWith('created') ? undefined : 'trigger';
  }
}

/** An issue that Patchbay opened for an incident opens no other one; closing it resolves that incident. */
function ownIssue(action: EventAction | undefined, incident: string, message: WebhookMessage): Reading {
  if (action !== 'resolve') return { ignored: `Patchbay opened this issue for the incident ${incident}` };
  const user = namedOf(message.user);
  const person = firstText(user.displayName, user.name, user.key) ?? 'Somebody';
  return actEvent({ verb: 'resolve', key: incident }, `${person} (Jira)`);
}

function leftOut({ key, fields }: WebhookIssue, { projects, issueTypes }: WebhookSettings): string | undefined {
  const project = firstText(namedOf(fields?.project).key, key.slice(0, Math.max(0, key.lastIndexOf('-')))) ?? '';
  const type = textOf(namedOf(fields?.issuetype).name) ?? '';
  if (projects.length > 0 && !projects.includes(project.toLowerCase()))
    return `The project "${project.slice(0, 100)}" is not among the projects of the settings`;
  if (issueTypes.length > 0 && !issueTypes.includes(type.toLowerCase()))
    return `The issue type "${type.slice(0, 100)}" is not among the issue types of the settings`;
  return undefined;
}

function issueEvent(
  name: string,
  issue: WebhookIssue,
  action: EventAction,
  labels: string[],
  settings: WebhookSettings,
): Reading {
  const fields = issue.fields ?? {};
  const host = hostOf(issue.self);
  const summary = textOf(fields.summary);
  return eventOf({
    action,
    key: dedupKey('jira', host ?? 'jira', issue.key),
    summary: [summary === undefined ? issue.key : `${issue.key}: ${summary}`],
    source: [host, 'Jira'],
    severity: settings.severity(namedOf(fields.priority).name),
    kind: firstText(namedOf(fields.issuetype).name) ?? 'issue',
    component: firstText(namedOf(fields.project).key),
    group: firstText(namedOf(fields.project).name),
    timestamp: firstText(fields.updated, fields.created),
    links: [[issueAddress(issue), issue.key]],
    details: {
      event: name,
      issue: issue.key,
      type: textOf(namedOf(fields.issuetype).name) ?? null,
      status: textOf(namedOf(fields.status).name) ?? null,
      priority: textOf(namedOf(fields.priority).name) ?? null,
      resolution: textOf(namedOf(fields.resolution).name) ?? null,
      assignee: textOf(namedOf(fields.assignee).displayName) ?? null,
      labels,
    },
  });
}

/** `self` is the address of the interface; below the same root stands the page. */
function issueAddress({ self, key }: WebhookIssue): string | undefined {
  const root = /^(https?:\/\/[^?#\s]{1,300}?)\/rest\/api\//.exec(textOf(self) ?? '')?.[1];
  return root === undefined || !/^[\w-]{1,300}$/.test(key) ? undefined : `${root}/browse/${key}`;
}

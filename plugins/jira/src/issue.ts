import { clip, failed, type Change, type DeliverContext } from '@patchbay/plugin-sdk';
import { createSafely } from './create-safely.ts';
import { bullets, code, document, link, paragraph, strong, text } from './document.ts';
import { field, jiraMessages, listField, type Jira } from './jira-api.ts';
import { Outcome } from './outcome.ts';
import type { Settings } from './settings.ts';

type Incident = Change['incident'];

export interface Issue {
  key: string;
}

/** Jira's own bounds. */
const SUMMARY_CHARS = 255;
const LABEL_CHARS = 255;
/** A description holds 32,767 characters; the rest of it is ours. */
const DETAILS_CHARS = 16_000;
/** The label that names the incident; `find` depends on it. */
const incidentLabel = (incident: Incident) => `patchbay-${incident.id}`;
/** Under which the issue of an incident is remembered. */
const onceName = (incident: Incident) => `issue-${incident.id}`;

/**
 * The issue of the incident: as remembered, else as found by its label, else created. Jira has no idempotency key,
 * so a creation whose answer was lost is looked for before anything is created again.
 */
export async function issueOf(
  incident: Incident,
  jira: Jira,
  { configuration, once, sleep }: DeliverContext<Settings>,
): Promise<{ issue: Issue; isNew: boolean }> {
  let isNew = false;
  const find = (by: Jira) => findIssue(incident, by, configuration);
  const create = async () => {
    isNew = true;
    return createIssue(incident, jira, configuration);
  };
  const issue = await once<Issue>(onceName(incident), {
    find: () => find(jira),
    create: () => createSafely(jira, create, find, sleep, 'the issue was created'),
  });
  return { issue, isNew };
}

/** The same without creating one. */
export async function existingIssueOf(
  incident: Incident,
  jira: Jira,
  { configuration, store }: DeliverContext<Settings>,
): Promise<Issue | undefined> {
  const remembered = await store.get<Issue>(`once:${onceName(incident)}`);
  return remembered ?? (await findIssue(incident, jira, configuration));
}

/** The store is bounded; a resolved incident's issue can be found by its label. */
export async function forgetIssueOf(incident: Incident, { store }: DeliverContext<Settings>): Promise<void> {
  await store.delete(`once:${onceName(incident)}`);
}

async function findIssue(incident: Incident, jira: Jira, settings: Settings): Promise<Issue | undefined> {
  const jql = `project = ${quoted(settings.projectKey)} AND labels = ${quoted(incidentLabel(incident))}`;
  const doing = 'looking for the issue';
  const { status, body } = await jira({
    method: 'POST',
    path: '/search/jql',
    body: { jql, fields: ['summary'], maxResults: 1 },
    repeatable: true,
    doing,
  });
  if (status !== 200) throw refused(status, body, doing, settings);
  const key = field(listField(body, 'issues')[0], 'key');
  return typeof key === 'string' ? { key } : undefined;
}

async function createIssue(incident: Incident, jira: Jira, settings: Settings): Promise<Issue> {
  const doing = 'creating the issue';
  const { status, body } = await jira({
    method: 'POST',
    path: '/issue',
    body: { fields: issueFields(incident, settings) },
    doing,
  });
  const key = field(body, 'key');
  if (status !== 201 || typeof key !== 'string') throw refused(status, body, doing, settings);
  return { key };
}

function refused(status: number, body: unknown, doing: string, settings: Settings): Outcome {
  if (status === 404)
    return new Outcome(
      failed(`There is no Jira at ${settings.siteUrl} (404, while ${doing}). Correct the site's address.`),
    );
  return new Outcome(
    failed(`Jira refused while ${doing} in ${settings.projectKey} (${status}): ${jiraMessages(body)}`),
  );
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function issueFields(incident: Incident, settings: Settings) {
  const priority = settings.priorities[incident.severity];
  const summary = `[${incident.severity}] ${incident.summary}`.replace(/\s+/g, ' ').trim();
  const own = settings.labels.map((label) => label.trim().replace(/\s+/g, '-')).filter((label) => label !== '');
  return {
    project: { key: settings.projectKey },
    issuetype: { name: settings.issueType },
    summary: clip(summary, SUMMARY_CHARS),
    description: description(incident),
    labels: ['patchbay', incidentLabel(incident), ...own].map((label) => clip(label, LABEL_CHARS)),
    ...(priority === undefined || priority === '' ? {} : { priority: { name: priority } }),
  };
}

function description(incident: Incident) {
  const fact = (name: string, value: string) => paragraph(strong(`${name}: `), text(value));
  const details = Object.keys(incident.customDetails).length === 0 ? undefined : incident.customDetails;
  return document(
    paragraph(text(incident.summary)),
    bullets(
      fact('Severity', incident.severity),
      fact('Source', incident.source),
      fact('Service', incident.service.name),
      fact('Integration', incident.integrationType),
      fact('Opened', incident.openedAt),
      fact('Key', clip(incident.dedupKey, 300)),
      paragraph(link(incident.url, `Incident ${incident.number} in Patchbay`)),
      ...incident.links.slice(0, 5).map(({ href, text: label }) => paragraph(link(href, label ?? href))),
    ),
    ...(details === undefined ? [] : [code(clip(JSON.stringify(details, null, 2), DETAILS_CHARS), 'json')]),
  );
}

/** Ties the incident's page to the issue. Jira knows it by its global id, so repeating it changes nothing. */
export async function linkBack(issue: Issue, incident: Incident, jira: Jira, { log }: DeliverContext<Settings>) {
  const { status, body } = await jira({
    method: 'POST',
    path: `/issue/${issue.key}/remotelink`,
    body: {
      globalId: incident.url,
      object: { url: incident.url, title: clip(`Incident ${incident.number}: ${incident.summary}`, SUMMARY_CHARS) },
    },
    repeatable: true,
    doing: `linking ${issue.key} to the incident`,
  });
  // The description holds the link too: not worth losing the delivery.
  if (status >= 300) log.warn('Jira refused the link to the incident', { status, reason: jiraMessages(body) });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, ChangeType, DeliverInput } from '@patchbay/plugin-sdk/contract/envelopes';
import type { HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import { runPlugin, type HttpReply } from '@patchbay/plugin-sdk/testing/run-plugin';
import { documentText } from '../fakes/jira/atlassian-document.ts';
import { startJira, type JiraStandIn } from '../fakes/jira/jira-server.ts';
import type { JiraIssue } from '../fakes/jira/jira-site.ts';
import { defaultConfiguration, pluginFolder } from './plugin-run.ts';

const incident: Change['incident'] = {
  id: 'inc_0001',
  number: 7,
  status: 'open',
  severity: 'critical',
  summary: 'Disk full on db-1',
  source: 'db-1:9100',
  dedupKey: 'prometheus-abc',
  integrationType: 'prometheus',
  service: { id: 'svc_1', name: 'Database' },
  openedAt: '2026-01-01T00:00:00.000Z',
  acknowledgedAt: null,
  resolvedAt: null,
  eventCount: 1,
  url: 'https://patchbay.example/incidents/inc_0001',
  links: [{ href: 'https://prometheus.example/graph', text: 'Query' }],
  customDetails: { labels: { alertname: 'DiskFull' } },
};

let jira: JiraStandIn;
let store: Map<string, { value: unknown; version: number }>;
let changes: number;

beforeEach(async () => {
  jira = await startJira();
  store = new Map();
  changes = 0;
});
afterEach(() => jira.close());

/** Carries a request out as the host's egress does: credential attached, no answer to a lost one. */
async function send(ask: HttpAsk, token: string): Promise<HttpReply> {
  const headers = { ...ask.headers };
  if (ask.credential === 'apiToken')
    headers.authorization = `Basic ${Buffer.from(`bot@example.com:${token}`).toString('base64')}`;
  try {
    const response = await fetch(ask.url, {
      method: ask.method,
      headers,
      ...(ask.body !== null && 'text' in ask.body ? { body: ask.body.text } : {}),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch {
    const safe = ask.method === 'GET' || ask.repeatable;
    return { error: { code: safe ? 'EGRESS_FAILED' : 'OUTCOME_UNKNOWN', message: 'The answer was lost' } };
  }
}

function deliver(
  type: ChangeType,
  about: Partial<Change['incident']> = {},
  { configuration = {}, token = 'token-of-the-bot' }: { configuration?: Record<string, unknown>; token?: string } = {},
) {
  changes += 1;
  const input: DeliverInput = {
    abi: 1,
    change: {
      id: `chg_${changes}`,
      type,
      occurredAt: '2026-01-01T00:00:00.000Z',
      incident: { ...incident, ...about },
    },
    delivery: { id: `dlv_${changes}`, attempt: 1 },
    configuration: {
      ...defaultConfiguration('jira'),
      siteUrl: jira.url,
      email: 'bot@example.com',
      projectKey: 'OPS',
      ...configuration,
    },
  };
  return runPlugin({
    folder: pluginFolder('jira'),
    export: 'deliver',
    input,
    world: { http: (ask) => send(ask, token), store },
  });
}

function onlyIssue(): JiraIssue {
  expect(jira.site.issues.size).toBe(1);
  const [issue] = jira.site.issues.values();
  if (issue === undefined) throw new Error('There is no issue');
  return issue;
}

const comments = () => onlyIssue().comments.map(({ body }) => documentText(body));
const operations = () => jira.requests.map(({ operation }) => operation);

describe('the Jira connector', () => {
  it('opens one issue that says what happened, and links it to the incident', async () => {
    const outcome = await deliver(
      'incident.opened',
      {},
      { configuration: { labels: ['on call'], priorities: { critical: 'Highest' } } },
    );
    expect(outcome).toMatchObject({
      outcome: 'delivered',
      linked: { key: 'OPS-1', href: `${jira.url}/browse/OPS-1`, title: incident.summary },
    });
    const issue = onlyIssue();
    expect(issue.fields).toMatchObject({
      summary: '[critical] Disk full on db-1',
      issuetype: { name: 'Task' },
      labels: ['patchbay', 'patchbay-inc_0001', 'on-call'],
      priority: { name: 'Highest' },
    });
    const text = documentText(issue.fields.description);
    for (const part of ['db-1:9100', 'Database', 'Incident 7 in Patchbay', 'DiskFull', 'Query'])
      expect(text).toContain(part);
    expect(issue.remoteLinks).toMatchObject([{ globalId: incident.url }]);
  });

  it('opens no second issue when the delivery is repeated, even without its memory', async () => {
    await deliver('incident.opened');
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    store.clear();
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    expect(onlyIssue().remoteLinks).toHaveLength(1);
  });

  it('cuts a long summary and survives text that Jira would refuse', async () => {
    await deliver('incident.opened', {
      summary: `first line\nsecond ${'🔥'.repeat(300)}`,
      customDetails: {},
      links: [],
    });
    const summary = String(onlyIssue().fields.summary);
    expect(summary.length).toBeLessThanOrEqual(255);
    expect(summary).toMatch(/^\[critical\] first line second 🔥/);
  });

  it('comments when the severity or the summary changes, and only then', async () => {
    await deliver('incident.opened');
    expect(await deliver('incident.updated', { eventCount: 2 })).toMatchObject({ outcome: 'skipped' });
    expect(await deliver('incident.updated', { severity: 'warning' })).toMatchObject({ outcome: 'delivered' });
    expect(await deliver('incident.updated', { severity: 'warning', eventCount: 9 })).toMatchObject({
      outcome: 'skipped',
    });
    expect(comments()).toHaveLength(1);
    expect(comments()[0]).toContain('Severity changed from critical to warning');
  });

  it('creates the issue on an update when there is none yet', async () => {
    expect(await deliver('incident.updated')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    expect(comments()).toHaveLength(0);
  });

  it('acknowledges by a comment', async () => {
    await deliver('incident.opened');
    await deliver('incident.acknowledged', { status: 'acknowledged' });
    await deliver('incident.unacknowledged');
    expect(comments().map((text) => text.split('\n')[0])).toEqual(['Acknowledged', 'No longer acknowledged']);
  });

  it('moves the issue to the done category when resolved, and back when reopened', async () => {
    await deliver('incident.opened');
    expect(await deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'delivered' });
    expect(onlyIssue().status.name).toBe('Done');
    expect(store.size).toBe(0);
    expect(await deliver('incident.reopened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    expect(onlyIssue().status.category).toBe('new');
    expect(comments().map((text) => text.split('\n')[0])).toEqual(['Resolved', 'Reopened']);
  });

  it('leaves an issue alone that somebody has closed already', async () => {
    await deliver('incident.opened');
    onlyIssue().status = jira.site.status('Done');
    expect(await deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'delivered' });
    expect(operations()).not.toContain('transition');
  });

  it('says so when the workflow leads nowhere', async () => {
    await jira.close();
    jira = await startJira({ workflow: { statuses: [{ id: '1', name: 'Open', category: 'new' }], transitions: [] } });
    await deliver('incident.opened');
    const outcome = await deliver('incident.resolved', { status: 'resolved' });
    expect(outcome).toMatchObject({ outcome: 'delivered', note: expect.stringContaining('no transition') as string });
  });

  it('takes the transition that the settings name', async () => {
    await jira.close();
    const done = (id: string, name: string) => ({ id, name, category: 'done' as const });
    jira = await startJira({
      workflow: {
        statuses: [{ id: '1', name: 'Open', category: 'new' }, done('2', 'Declined'), done('3', 'Fixed')],
        transitions: [
          { id: '5', name: 'Decline', to: 'Declined' },
          { id: '6', name: 'Fix', to: 'Fixed' },
        ],
      },
    });
    await deliver('incident.opened');
    await deliver('incident.resolved', { status: 'resolved' }, { configuration: { doneTransition: 'fix' } });
    expect(onlyIssue().status.name).toBe('Fixed');
  });

  it('skips the end of an incident that never had an issue', async () => {
    expect(await deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'skipped' });
    expect(jira.site.issues.size).toBe(0);
  });
});

describe('the Jira connector when Jira does not cooperate', () => {
  it('finds the issue whose answer was lost instead of creating another', async () => {
    jira.faults.drop('createIssue');
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    onlyIssue();
  });

  it('takes a gateway error after the creation for what it is: unknown', async () => {
    jira.faults.fail('createIssue', 504);
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    onlyIssue();
  });

  it('asks for another attempt when nobody can say what happened', async () => {
    jira.faults.fail('createIssue', 500, 3);
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'retry' });
    jira.faults.fail('createIssue', 500, 2);
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'delivered' });
    onlyIssue();
  });

  it('writes a comment once when its answer was lost', async () => {
    await deliver('incident.opened');
    jira.faults.drop('comment');
    expect(await deliver('incident.acknowledged')).toMatchObject({ outcome: 'delivered' });
    expect(comments()).toHaveLength(1);
    jira.faults.fail('comment', 502);
    expect(await deliver('incident.unacknowledged')).toMatchObject({ outcome: 'delivered' });
    expect(comments()).toHaveLength(2);
  });

  it('resolves when the answer to the transition was lost and it is sent again', async () => {
    await deliver('incident.opened');
    jira.faults.drop('transition');
    expect(await deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'retry' });
    expect(await deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'delivered' });
    expect(onlyIssue().status.name).toBe('Done');
  });

  it.each([
    ['createIssue', 'jira-burst-based'],
    ['search', 'jira-quota-global-based'],
  ] as const)('waits as long as Jira says when it limits %s', async (operation, reason) => {
    jira.faults.rateLimit(operation, { retryAfterSeconds: 42, reason });
    expect(await deliver('incident.opened')).toMatchObject({
      outcome: 'retry',
      retryAfterSeconds: 42,
      reason: expect.stringContaining(reason) as string,
    });
    expect(jira.site.issues.size).toBe(0);
  });

  it('waits until the reset when that is all that Jira names', async () => {
    const reset = new Date(Date.now() + 3_600_000).toISOString();
    jira.faults.add('search', { kind: 'status', status: 429, headers: { 'x-ratelimit-reset': reset }, body: {} });
    const outcome = await deliver('incident.opened');
    expect(outcome).toMatchObject({ outcome: 'retry' });
    if (outcome.outcome !== 'retry') throw new Error('unreachable');
    expect(outcome.retryAfterSeconds).toBeGreaterThan(3000);
    expect(outcome.retryAfterSeconds).toBeLessThanOrEqual(3600);
  });

  it('tries again later while Jira is away', async () => {
    jira.faults.fail('search', 503);
    expect(await deliver('incident.opened')).toMatchObject({ outcome: 'retry' });
    const { url } = jira;
    await jira.close();
    expect(await deliver('incident.opened', {}, { configuration: { siteUrl: url } })).toMatchObject({
      outcome: 'retry',
    });
    jira = await startJira();
  });

  it('fails for good with what to do: credentials, rights, project, address, fields', async () => {
    const reason = (text: string) => ({ outcome: 'failed', reason: expect.stringContaining(text) as string });
    expect(await deliver('incident.opened', {}, { token: 'wrong' })).toMatchObject(
      reason('does not accept the e-mail and API token'),
    );
    jira.faults.fail('search', 403);
    expect(await deliver('incident.opened')).toMatchObject(reason('Give it access'));
    expect(await deliver('incident.opened', {}, { configuration: { projectKey: 'NOPE' } })).toMatchObject(
      reason("'NOPE' does not exist"),
    );
    expect(await deliver('incident.opened', {}, { configuration: { issueType: 'Epos' } })).toMatchObject(
      reason('issuetype: Specify a valid issue type'),
    );
    expect(await deliver('incident.opened', {}, { configuration: { siteUrl: 'not a url' } })).toMatchObject(
      reason('no web address'),
    );
    jira.faults.fail('search', 404);
    expect(await deliver('incident.opened')).toMatchObject(reason('There is no Jira at'));
    expect(jira.site.issues.size).toBe(0);
  });

  it('names the issue that was deleted', async () => {
    await deliver('incident.opened');
    jira.site.issues.clear();
    expect(await deliver('incident.acknowledged')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('no issue OPS-1') as string,
    });
  });

  it('never asks for anything outside of its permission', async () => {
    await deliver('incident.opened');
    await deliver('incident.acknowledged');
    await deliver('incident.resolved', { status: 'resolved' });
    expect(jira.requests.length).toBeGreaterThan(5);
    for (const { method, path, headers } of jira.requests) {
      expect(path).toMatch(/^\/rest\/api\/3\//);
      expect(['GET', 'POST']).toContain(method);
      expect(headers.authorization).toMatch(/^Basic /);
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentText } from '../fakes/jira/atlassian-document.ts';
import { incident, JiraRun } from './jira-run.ts';

let run: JiraRun;
beforeEach(async () => {
  run = await JiraRun.start();
});
afterEach(() => run.jira.close());

const operations = () => run.jira.requests.map(({ operation }) => operation);

describe('the Jira connector', () => {
  it('opens one issue that says what happened, and links it to the incident', async () => {
    const outcome = await run.deliver(
      'incident.opened',
      {},
      { configuration: { labels: ['on call'], priorities: { critical: 'Highest' } } },
    );
    expect(outcome).toMatchObject({
      outcome: 'delivered',
      linked: { key: 'OPS-1', href: `${run.jira.url}/browse/OPS-1`, title: incident.summary },
    });
    const issue = run.onlyIssue();
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
    await run.deliver('incident.opened');
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    run.store.clear();
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    expect(run.onlyIssue().remoteLinks).toHaveLength(1);
  });

  it('cuts a long summary and survives text that Jira would refuse', async () => {
    await run.deliver('incident.opened', {
      summary: `first line\nsecond ${'🔥'.repeat(300)}`,
      customDetails: {},
      links: [],
    });
    const summary = String(run.onlyIssue().fields.summary);
    expect(summary.length).toBeLessThanOrEqual(255);
    expect(summary).toMatch(/^\[critical\] first line second 🔥/);
  });

  it('comments when the severity or the summary changes, and only then', async () => {
    await run.deliver('incident.opened');
    expect(await run.deliver('incident.updated', { eventCount: 2 })).toMatchObject({ outcome: 'skipped' });
    expect(await run.deliver('incident.updated', { severity: 'warning' })).toMatchObject({ outcome: 'delivered' });
    expect(await run.deliver('incident.updated', { severity: 'warning', eventCount: 9 })).toMatchObject({
      outcome: 'skipped',
    });
    expect(run.comments()).toHaveLength(1);
    expect(run.comments()[0]).toContain('Severity changed from critical to warning');
  });

  it('creates the issue on an update when there is none yet', async () => {
    expect(await run.deliver('incident.updated')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    expect(run.comments()).toHaveLength(0);
  });

  it('acknowledges by a comment', async () => {
    await run.deliver('incident.opened');
    await run.deliver('incident.acknowledged', { status: 'acknowledged' });
    await run.deliver('incident.unacknowledged');
    expect(run.comments().map((text) => text.split('\n')[0])).toEqual(['Acknowledged', 'No longer acknowledged']);
  });

  it('moves the issue to the done category when resolved, and back when reopened', async () => {
    await run.deliver('incident.opened');
    expect(await run.deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'delivered' });
    expect(run.onlyIssue().status.name).toBe('Done');
    expect(run.store.size).toBe(0);
    expect(await run.deliver('incident.reopened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    expect(run.onlyIssue().status.category).toBe('new');
    expect(run.comments().map((text) => text.split('\n')[0])).toEqual(['Resolved', 'Reopened']);
  });

  it('leaves an issue alone that somebody has closed already', async () => {
    await run.deliver('incident.opened');
    run.onlyIssue().status = run.jira.site.status('Done');
    expect(await run.deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'delivered' });
    expect(operations()).not.toContain('transition');
  });

  it('says so when the workflow leads nowhere', async () => {
    await run.restart({ workflow: { statuses: [{ id: '1', name: 'Open', category: 'new' }], transitions: [] } });
    await run.deliver('incident.opened');
    const outcome = await run.deliver('incident.resolved', { status: 'resolved' });
    expect(outcome).toMatchObject({ outcome: 'delivered', note: expect.stringContaining('no transition') as string });
  });

  it('takes the transition that the settings name', async () => {
    const done = (id: string, name: string) => ({ id, name, category: 'done' as const });
    await run.restart({
      workflow: {
        statuses: [{ id: '1', name: 'Open', category: 'new' }, done('2', 'Declined'), done('3', 'Fixed')],
        transitions: [
          { id: '5', name: 'Decline', to: 'Declined' },
          { id: '6', name: 'Fix', to: 'Fixed' },
        ],
      },
    });
    await run.deliver('incident.opened');
    await run.deliver('incident.resolved', { status: 'resolved' }, { configuration: { doneTransition: 'fix' } });
    expect(run.onlyIssue().status.name).toBe('Fixed');
  });

  it('skips the end of an incident that never had an issue', async () => {
    expect(await run.deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'skipped' });
    expect(run.jira.site.issues.size).toBe(0);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JiraRun } from './jira-run.ts';

let run: JiraRun;
beforeEach(async () => {
  run = await JiraRun.start();
});
afterEach(() => run.jira.close());

describe('the Jira connector when Jira does not cooperate', () => {
  it('finds the issue whose answer was lost instead of creating another', async () => {
    run.jira.faults.drop('createIssue');
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    run.onlyIssue();
  });

  it('takes a gateway error after the creation for what it is: unknown', async () => {
    run.jira.faults.fail('createIssue', 504);
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'delivered', linked: { key: 'OPS-1' } });
    run.onlyIssue();
  });

  it('asks for another attempt when nobody can say what happened', async () => {
    run.jira.faults.fail('createIssue', 500, 3);
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'retry' });
    run.jira.faults.fail('createIssue', 500, 2);
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'delivered' });
    run.onlyIssue();
  });

  it('writes a comment once when its answer was lost', async () => {
    await run.deliver('incident.opened');
    run.jira.faults.drop('comment');
    expect(await run.deliver('incident.acknowledged')).toMatchObject({ outcome: 'delivered' });
    expect(run.comments()).toHaveLength(1);
    run.jira.faults.fail('comment', 502);
    expect(await run.deliver('incident.unacknowledged')).toMatchObject({ outcome: 'delivered' });
    expect(run.comments()).toHaveLength(2);
  });

  it('resolves when the answer to the transition was lost and it is sent again', async () => {
    await run.deliver('incident.opened');
    run.jira.faults.drop('transition');
    expect(await run.deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'retry' });
    expect(await run.deliver('incident.resolved', { status: 'resolved' })).toMatchObject({ outcome: 'delivered' });
    expect(run.onlyIssue().status.name).toBe('Done');
  });

  it.each([
    ['createIssue', 'jira-burst-based'],
    ['search', 'jira-quota-global-based'],
  ] as const)('waits as long as Jira says when it limits %s', async (operation, reason) => {
    run.jira.faults.rateLimit(operation, { retryAfterSeconds: 42, reason });
    expect(await run.deliver('incident.opened')).toMatchObject({
      outcome: 'retry',
      retryAfterSeconds: 42,
      reason: expect.stringContaining(reason) as string,
    });
    expect(run.jira.site.issues.size).toBe(0);
  });

  it('waits until the reset when that is all that Jira names', async () => {
    const reset = new Date(Date.now() + 3_600_000).toISOString();
    run.jira.faults.add('search', { kind: 'status', status: 429, headers: { 'x-ratelimit-reset': reset }, body: {} });
    const outcome = await run.deliver('incident.opened');
    expect(outcome).toMatchObject({ outcome: 'retry' });
    if (outcome.outcome !== 'retry') throw new Error('unreachable');
    expect(outcome.retryAfterSeconds).toBeGreaterThan(3000);
    expect(outcome.retryAfterSeconds).toBeLessThanOrEqual(3600);
  });

  it('tries again later while Jira is away', async () => {
    run.jira.faults.fail('search', 503);
    expect(await run.deliver('incident.opened')).toMatchObject({ outcome: 'retry' });
    const { url } = run.jira;
    await run.jira.close();
    expect(await run.deliver('incident.opened', {}, { configuration: { siteUrl: url } })).toMatchObject({
      outcome: 'retry',
    });
    run = await JiraRun.start();
  });

  it('fails for good with what to do: credentials, rights, project, address, fields', async () => {
    const reason = (text: string) => ({ outcome: 'failed', reason: expect.stringContaining(text) as string });
    expect(await run.deliver('incident.opened', {}, { token: 'wrong' })).toMatchObject(
      reason('does not accept the e-mail and API token'),
    );
    run.jira.faults.fail('search', 403);
    expect(await run.deliver('incident.opened')).toMatchObject(reason('Give it access'));
    expect(await run.deliver('incident.opened', {}, { configuration: { projectKey: 'NOPE' } })).toMatchObject(
      reason("'NOPE' does not exist"),
    );
    expect(await run.deliver('incident.opened', {}, { configuration: { issueType: 'Epos' } })).toMatchObject(
      reason('issuetype: Specify a valid issue type'),
    );
    expect(await run.deliver('incident.opened', {}, { configuration: { siteUrl: 'not a url' } })).toMatchObject(
      reason('no web address'),
    );
    run.jira.faults.fail('search', 404);
    expect(await run.deliver('incident.opened')).toMatchObject(reason('There is no Jira at'));
    expect(run.jira.site.issues.size).toBe(0);
  });

  it('names the issue that was deleted', async () => {
    await run.deliver('incident.opened');
    run.jira.site.issues.clear();
    expect(await run.deliver('incident.acknowledged')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('no issue OPS-1') as string,
    });
  });

  it('never asks for anything outside of its permission', async () => {
    await run.deliver('incident.opened');
    await run.deliver('incident.acknowledged');
    await run.deliver('incident.resolved', { status: 'resolved' });
    expect(run.jira.requests.length).toBeGreaterThan(5);
    for (const { method, path, headers } of run.jira.requests) {
      expect(path).toMatch(/^\/rest\/api\/3\//);
      expect(['GET', 'POST']).toContain(method);
      expect(headers.authorization).toMatch(/^Basic /);
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentFault, documentText } from './atlassian-document.ts';
import { startJira, type JiraStandIn } from './jira-server.ts';
import { parseJql } from './search.ts';

const doc = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

const fields = (more: Record<string, unknown> = {}) => ({
  project: { key: 'OPS' },
  issuetype: { name: 'Task' },
  summary: 'Disk full',
  description: doc('on db-1'),
  labels: ['patchbay', 'patchbay-inc_1'],
  ...more,
});

let jira: JiraStandIn;
beforeEach(async () => {
  jira = await startJira();
});
afterEach(() => jira.close());

async function call(method: string, path: string, body?: unknown, authorization?: string) {
  const response = await fetch(`${jira.url}/rest/api/3${path}`, {
    method,
    headers: {
      authorization: authorization ?? `Basic ${Buffer.from('bot@example.com:token-of-the-bot').toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>,
  };
}

const createIssue = (more?: Record<string, unknown>) => call('POST', '/issue', { fields: fields(more) });

describe('the stand-in of Jira', () => {
  it('lets nobody in without the right e-mail and token', async () => {
    expect((await call('GET', '/issue/OPS-1', undefined, 'Basic bm9ib2R5Om5vdGhpbmc=')).status).toBe(401);
    expect((await call('GET', '/issue/OPS-1', undefined, 'Bearer token-of-the-bot')).status).toBe(401);
    expect((await call('GET', '/issue/OPS-1')).status).toBe(404);
  });

  it('creates an issue and counts keys by project', async () => {
    expect(await createIssue()).toMatchObject({ status: 201, body: { key: 'OPS-1' } });
    expect(await createIssue()).toMatchObject({ status: 201, body: { key: 'OPS-2' } });
    const { body } = await call('GET', '/issue/OPS-1?fields=summary,status');
    expect(body).toMatchObject({ fields: { summary: 'Disk full', status: { statusCategory: { key: 'new' } } } });
    expect(Object.keys(body.fields as object).sort()).toEqual(['status', 'summary']);
  });

  it.each([
    ['project', { project: { key: 'NOPE' } }],
    ['issuetype', { issuetype: undefined }],
    ['issuetype', { issuetype: { name: 'Epos' } }],
    ['summary', { summary: '' }],
    ['summary', { summary: 'two\nlines' }],
    ['summary', { summary: 'x'.repeat(256) }],
    ['description', { description: 'plain text' }],
    ['labels', { labels: ['two words'] }],
    ['priority', { priority: { name: 'Urgent' } }],
    ['severity', { severity: 'high' }],
  ])('names the field %s when it is wrong', async (name, more) => {
    const { status, body } = await createIssue(more);
    expect(status).toBe(400);
    expect(Object.keys(body.errors as object)).toEqual([name]);
    expect(jira.site.issues.size).toBe(0);
  });

  it('makes only the transitions of the present status', async () => {
    await createIssue();
    const offered = await call('GET', '/issue/OPS-1/transitions');
    expect(offered.body).toMatchObject({
      transitions: [
        { id: '21', to: { statusCategory: { key: 'indeterminate' } } },
        { id: '31', to: { statusCategory: { key: 'done' } } },
      ],
    });
    expect((await call('POST', '/issue/OPS-1/transitions', { transition: { id: '11' } })).status).toBe(400);
    expect((await call('POST', '/issue/OPS-1/transitions', { transition: { id: '31' } })).status).toBe(204);
    expect((await call('POST', '/issue/OPS-1/transitions', { transition: { id: '31' } })).status).toBe(400);
    expect(jira.site.find('OPS-1')?.status.name).toBe('Done');
  });

  it('takes comments as documents and gives the newest first on demand', async () => {
    await createIssue();
    expect((await call('POST', '/issue/OPS-1/comment', { body: 'plain' })).status).toBe(400);
    for (const text of ['one', 'two'])
      expect((await call('POST', '/issue/OPS-1/comment', { body: doc(text) })).status).toBe(201);
    const { body } = await call('GET', '/issue/OPS-1/comment?orderBy=-created&maxResults=1');
    expect(body).toMatchObject({ total: 2, comments: [{ body: doc('two') }] });
  });

  it('searches by label in pages, needs fields, and has given up the old search', async () => {
    await createIssue();
    await createIssue({ labels: ['patchbay-inc_2'] });
    await createIssue({ labels: ['patchbay-inc_2'] });
    const jql = 'project = "OPS" AND labels = "patchbay-inc_2"';
    const first = await call('POST', '/search/jql', { jql, fields: ['summary'], maxResults: 1 });
    expect(first.body).toMatchObject({ isLast: false, issues: [{ key: 'OPS-2' }] });
    const { nextPageToken } = first.body;
    const second = await call('POST', '/search/jql', { jql, fields: ['summary'], maxResults: 1, nextPageToken });
    expect(second.body).toMatchObject({ isLast: true, issues: [{ key: 'OPS-3' }] });
    expect((await call('POST', '/search/jql', { jql })).status).toBe(400);
    expect((await call('POST', '/search/jql', { jql: 'ORDER BY created', fields: ['key'] })).status).toBe(400);
    expect((await call('GET', '/search?jql=x')).status).toBe(410);
  });

  it('lets the search index lag behind', async () => {
    jira.site.hiddenSearches = 1;
    await createIssue();
    const find = () => call('POST', '/search/jql', { jql: 'labels = patchbay', fields: ['key'] });
    expect((await find()).body.issues).toEqual([]);
    expect((await find()).body.issues).toHaveLength(1);
  });

  it('knows a remote link by its global id', async () => {
    await createIssue();
    const link = { globalId: 'g', object: { url: 'https://patchbay.example/1', title: 'one' } };
    expect((await call('POST', '/issue/OPS-1/remotelink', link)).status).toBe(201);
    expect((await call('POST', '/issue/OPS-1/remotelink', link)).status).toBe(200);
    expect(jira.site.find('OPS-1')?.remoteLinks).toHaveLength(1);
    expect((await call('POST', '/issue/OPS-1/remotelink', { object: { url: 'https://x' } })).status).toBe(400);
  });

  it('limits, fails, and loses answers on demand, and keeps every request', async () => {
    jira.faults.rateLimit('createIssue', { retryAfterSeconds: 7 });
    const limited = await createIssue();
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('7');
    expect(limited.headers.get('ratelimit-reason')).toBe('jira-burst-based');
    jira.faults.fail('createIssue', 500);
    expect((await createIssue()).status).toBe(500);
    expect(jira.site.issues.size).toBe(0);

    jira.faults.drop('createIssue');
    await expect(createIssue()).rejects.toThrow();
    expect(jira.site.issues.size).toBe(1);
    expect(jira.requests.map(({ operation, status }) => [operation, status])).toEqual([
      ['createIssue', 429],
      ['createIssue', 500],
      ['createIssue', 'dropped'],
    ]);
    expect(jira.requests[2]?.body).toEqual({ fields: fields() });
  });
});

describe('the document check', () => {
  it.each([
    ['no object', 'text'],
    ['another type', { type: 'paragraph', content: [] }],
    ['no version', { type: 'doc', content: [] }],
    ['text without a paragraph', { type: 'doc', version: 1, content: [{ type: 'text', text: 'x' }] }],
    ['an empty text', doc('')],
    ['an empty list', { type: 'doc', version: 1, content: [{ type: 'bulletList', content: [] }] }],
    ['an unknown node', { type: 'doc', version: 1, content: [{ type: 'marquee' }] }],
  ])('refuses %s', (_, value) => expect(documentFault(value)).toBeTypeOf('string'));

  it('takes a document and reads its text', () => {
    expect(documentFault(doc('hello'))).toBeUndefined();
    expect(documentText(doc('hello'))).toBe('hello');
  });
});

describe('the query language', () => {
  it('reads quotes, escapes and the order', () => {
    expect(parseJql('project = OPS AND labels = "a AND \\"b\\"" ORDER BY created DESC')).toEqual([
      { field: 'project', value: 'OPS' },
      { field: 'labels', value: 'a AND "b"' },
    ]);
    expect(() => parseJql('text ~ "x"')).toThrow(/cannot read/);
  });
});

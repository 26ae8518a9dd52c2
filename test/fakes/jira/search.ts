import { isObject } from './create-issue.ts';
import { JiraError, payloadInvalid } from './jira-error.ts';
import type { JiraIssue, JiraSite } from './jira-site.ts';

const BODY_FIELDS = [
  'jql',
  'fields',
  'maxResults',
  'nextPageToken',
  'expand',
  'properties',
  'fieldsByKeys',
  'failFast',
];
const CLAUSE = /^(project|labels|key|status)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w-]+))$/i;

/** The part of JQL that is understood: clauses of `field = "value"` joined by AND, and an order at the end. */
export function parseJql(jql: string): { field: string; value: string }[] {
  const conditions = jql.replace(/\s+ORDER\s+BY\s+.*$/i, '').trim();
  if (conditions === '')
    throw new JiraError(400, [
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    ]);
  return splitAnd(conditions).map((clause) => {
    const match = CLAUSE.exec(clause.trim());
    if (match === null) throw new JiraError(400, [`Error in the JQL Query: cannot read '${clause.trim()}'.`]);
    const value = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '';
    return { field: (match[1] ?? '').toLowerCase(), value };
  });
}

/** AND inside quotes belongs to the value. */
function splitAnd(text: string): string[] {
  const clauses: string[] = [];
  let clause = '';
  for (const token of text.match(/"(?:[^"\\]|\\.)*"|\s+|[^\s"]+/g) ?? [])
    if (/^AND$/i.test(token)) {
      clauses.push(clause);
      clause = '';
    } else clause += token;
  return [...clauses, clause];
}

/** POST /rest/api/3/search/jql: pages by cursor, without a total; only the named fields are in the answer. */
export function search(site: JiraSite, body: unknown, self: (issue: JiraIssue) => string) {
  if (!isObject(body) || Object.keys(body).some((name) => !BODY_FIELDS.includes(name)) || typeof body.jql !== 'string')
    throw payloadInvalid();
  if (!Array.isArray(body.fields) || body.fields.length === 0) throw new JiraError(400, ['fields must be given']);
  const clauses = parseJql(body.jql);
  const project = clauses.find(({ field }) => field === 'project');
  if (project !== undefined && !site.projects.has(project.value))
    throw new JiraError(400, [`The value '${project.value}' does not exist for the field 'project'.`]);
  const pageSize = Math.min(Number(body.maxResults ?? 50), 100);
  const start = body.nextPageToken === undefined ? 0 : readToken(body.nextPageToken);
  const found = [...site.issues.values()].filter(
    (issue) => isVisible(issue) && clauses.every((c) => matches(issue, c)),
  );
  const end = start + pageSize;
  const fields = body.fields.map(String);
  return {
    isLast: end >= found.length,
    ...(end < found.length ? { nextPageToken: Buffer.from(`page:${end}`).toString('base64') } : {}),
    issues: found
      .slice(start, end)
      .map((issue) => ({ id: issue.id, key: issue.key, self: self(issue), fields: fieldsOf(issue, fields) })),
  };
}

function readToken(token: unknown): number {
  if (typeof token !== 'string') throw payloadInvalid();
  const match = /^page:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (match === null) throw new JiraError(400, ['The nextPageToken is not valid.']);
  return Number(match[1]);
}

function isVisible(issue: JiraIssue): boolean {
  if (issue.hiddenSearches === 0) return true;
  issue.hiddenSearches -= 1;
  return false;
}

function matches(issue: JiraIssue, { field, value }: { field: string; value: string }): boolean {
  switch (field) {
    case 'project':
      return issue.project === value;
    case 'labels':
      return Array.isArray(issue.fields.labels) && issue.fields.labels.includes(value);
    case 'key':
      return issue.key === value;
    default:
      return issue.status.name === value;
  }
}

/** The named fields as Jira writes them. */
export function fieldsOf(issue: JiraIssue, names: string[]): Record<string, unknown> {
  const { id, name, category } = issue.status;
  const all: Record<string, unknown> = {
    ...issue.fields,
    status: { id, name, statusCategory: { id: 1, key: category, name: category } },
  };
  const wanted = names.some((entry) => entry === '*all' || entry === '*navigable')
    ? Object.keys(all)
    : names.filter((entry) => Object.hasOwn(all, entry));
  return Object.fromEntries(wanted.map((entry) => [entry, all[entry]]));
}

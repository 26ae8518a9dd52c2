import { failed, textOf } from '@patchbay/plugin-sdk';
import { gone } from './comment.ts';
import type { Issue } from './issue.ts';
import { field, jiraMessages, listField, type Jira } from './jira-api.ts';
import { Outcome } from './outcome.ts';

/** Every status of every workflow belongs to one of three categories, whatever its name. */
type Category = 'new' | 'indeterminate' | 'done';

interface Transition {
  id: string;
  name: string;
  to: string;
  category: unknown;
}

/** True when the issue is now in the done category, false when its workflow offers no way there. */
export async function finish(issue: Issue, preferred: string, jira: Jira): Promise<boolean> {
  if ((await categoryOf(issue, jira)) === 'done') return true;
  const ways = (await transitionsOf(issue, jira)).filter(({ category }) => category === 'done');
  const wanted = preferred.trim().toLowerCase();
  const way = ways.find(({ name, to }) => name.toLowerCase() === wanted || to.toLowerCase() === wanted) ?? ways[0];
  if (way === undefined) return false;
  await go(issue, way, (category) => category === 'done', jira);
  return true;
}

/** Takes a done issue back to work; true when it is not done now. */
export async function reopen(issue: Issue, jira: Jira): Promise<boolean> {
  if ((await categoryOf(issue, jira)) !== 'done') return true;
  const ways = await transitionsOf(issue, jira);
  const leading = (category: Category) => ways.find((way) => way.category === category);
  const way = leading('new') ?? leading('indeterminate');
  if (way === undefined) return false;
  await go(issue, way, (category) => category !== 'done', jira);
  return true;
}

/**
 * Makes the transition. It may be sent twice, because what counts is where the issue stands afterwards: the second
 * time Jira refuses it, since it does not start at the new status.
 */
async function go(issue: Issue, way: Transition, isThere: (category: unknown) => boolean, jira: Jira): Promise<void> {
  const { status, body } = await jira({
    method: 'POST',
    path: `/issue/${issue.key}/transitions`,
    body: { transition: { id: way.id } },
    repeatable: true,
    doing: `moving ${issue.key} by "${way.name}"`,
  });
  if (status < 300 || isThere(await categoryOf(issue, jira))) return;
  throw new Outcome(failed(`Jira refused to move ${issue.key} by "${way.name}" (${status}): ${jiraMessages(body)}`));
}

async function categoryOf(issue: Issue, jira: Jira): Promise<unknown> {
  const { status, body } = await jira({
    method: 'GET',
    path: `/issue/${issue.key}?fields=status`,
    doing: `reading the status of ${issue.key}`,
  });
  if (status === 404) throw gone(issue);
  return field(body, 'fields', 'status', 'statusCategory', 'key');
}

async function transitionsOf(issue: Issue, jira: Jira): Promise<Transition[]> {
  const { status, body } = await jira({
    method: 'GET',
    path: `/issue/${issue.key}/transitions`,
    doing: `reading the workflow of ${issue.key}`,
  });
  if (status === 404) throw gone(issue);
  return listField(body, 'transitions')
    .filter((entry) => field(entry, 'isAvailable') !== false)
    .map((entry) => ({
      id: textOf(field(entry, 'id')) ?? '',
      name: textOf(field(entry, 'name')) ?? '',
      to: textOf(field(entry, 'to', 'name')) ?? '',
      category: field(entry, 'to', 'statusCategory', 'key'),
    }));
}

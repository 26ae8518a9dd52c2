import { clip, failed, type Change, type DeliverContext } from '@patchbay/plugin-sdk';
import { createSafely } from './create-safely.ts';
import { document, paragraph, strong, text } from './document.ts';
import type { Issue } from './issue.ts';
import { jiraMessages, listField, type Jira } from './jira-api.ts';
import { Outcome } from './outcome.ts';
import type { Settings } from './settings.ts';

/** How many of the newest comments are looked through for one whose answer was lost. */
const COMMENTS = 50;

/**
 * Comments on the issue once per change: when the answer is lost, the change's id in the text tells whether the
 * comment is there.
 */
export async function comment(
  issue: Issue,
  change: Change,
  headline: string,
  jira: Jira,
  { sleep }: DeliverContext<Settings>,
): Promise<void> {
  await createSafely(
    jira,
    () => postComment(issue, change, headline, jira),
    (by) => findComment(issue, change, by),
    sleep,
    `${issue.key} got its comment`,
  );
}

async function postComment(issue: Issue, change: Change, headline: string, jira: Jira): Promise<true> {
  const { incident } = change;
  const { status, body } = await jira({
    method: 'POST',
    path: `/issue/${issue.key}/comment`,
    body: {
      body: document(
        paragraph(strong(headline)),
        paragraph(text(clip(`${incident.severity}: ${incident.summary}`, 1200))),
        paragraph(text(`Patchbay, ${change.occurredAt}, ${change.id}`)),
      ),
    },
    doing: `commenting on ${issue.key}`,
  });
  if (status === 201) return true;
  if (status === 404) throw gone(issue);
  throw new Outcome(failed(`Jira refused a comment on ${issue.key} (${status}): ${jiraMessages(body)}`));
}

async function findComment(issue: Issue, change: Change, jira: Jira): Promise<true | undefined> {
  const { body } = await jira({
    method: 'GET',
    path: `/issue/${issue.key}/comment?orderBy=-created&maxResults=${COMMENTS}`,
    doing: `reading the comments of ${issue.key}`,
  });
  const found = listField(body, 'comments').some((entry) => JSON.stringify(entry).includes(change.id));
  return found ? true : undefined;
}

/** For a 404 about one issue. */
export function gone(issue: Issue): Outcome {
  return new Outcome(
    failed(`Jira shows no issue ${issue.key} (404): it was deleted or moved, or this account may not see it`),
  );
}

import { clip, failed, PatchbayError, retry, type Change } from '@patchbay/plugin-sdk';
import { document, paragraph, strong, text } from './document.ts';
import type { Issue } from './issue.ts';
import { jiraMessages, listField, type Jira } from './jira-api.ts';
import { Outcome } from './outcome.ts';

/** How many of the newest comments are looked through for one whose answer was lost. */
const COMMENTS = 50;

/**
 * Comments on the issue once per change: when the answer is lost, the change's id in the text tells whether the
 * comment is there.
 */
export async function comment(issue: Issue, change: Change, headline: string, jira: Jira): Promise<void> {
  const post = () => postComment(issue, change, headline, jira);
  try {
    return await post();
  } catch (error) {
    if (!isUnknown(error)) throw error;
  }
  if (await isThere(issue, change, jira)) return;
  try {
    await post();
  } catch (error) {
    if (!isUnknown(error)) throw error;
    throw new Outcome(retry(`Nobody can say whether ${issue.key} got its comment: ${error.message}`));
  }
}

const isUnknown = (error: unknown): error is PatchbayError =>
  error instanceof PatchbayError && error.code === 'OUTCOME_UNKNOWN';

async function postComment(issue: Issue, change: Change, headline: string, jira: Jira): Promise<void> {
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
  if (status === 201) return;
  if (status === 404) throw gone(issue);
  throw new Outcome(failed(`Jira refused a comment on ${issue.key} (${status}): ${jiraMessages(body)}`));
}

async function isThere(issue: Issue, change: Change, jira: Jira): Promise<boolean> {
  const { body } = await jira({
    method: 'GET',
    path: `/issue/${issue.key}/comment?orderBy=-created&maxResults=${COMMENTS}`,
    doing: `reading the comments of ${issue.key}`,
  });
  return listField(body, 'comments').some((found) => JSON.stringify(found).includes(change.id));
}

/** For a 404 about one issue. */
export function gone(issue: Issue): Outcome {
  return new Outcome(
    failed(`Jira shows no issue ${issue.key} (404): it was deleted or moved, or this account may not see it`),
  );
}

import { dedupKey, eventOf, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { issueSchema } from './bitbucket.schema.ts';

const OVER = new Set(['resolved', 'closed', 'duplicate', 'invalid', 'wontfix']);

/** An issue opens when it is created or opened again, and is over in each of the states that close it. */
export function issueEvent(kind: string, message: z.infer<typeof issueSchema>): Reading {
  const { repository, issue, changes } = message;
  const state = (textOf(changes?.status?.new) ?? textOf(issue.state) ?? 'new').toLowerCase();
  const isOver = OVER.has(state);
  const isAgain = OVER.has((textOf(changes?.status?.old) ?? '').toLowerCase());
  if (kind !== 'issue:created' && !isOver && !isAgain)
    return { ignored: 'The issue was changed, but neither opened nor closed' };
  const title = textOf(issue.title) ?? `Issue ${issue.id}`;
  return eventOf({
    action: isOver ? 'resolve' : 'trigger',
    key: dedupKey('bitbucket', repository.full_name, 'issue', issue.id),
    summary: [`Issue #${issue.id} of ${repository.full_name}: ${title}`],
    source: [repository.full_name],
    severity: 'info',
    kind: 'issue',
    timestamp: issue.updated_on,
    links: [
      [issue.links?.html?.href, `Issue #${issue.id}`],
      [repository.links?.html?.href, repository.full_name],
    ],
    details: { state, priority: issue.priority ?? null, kind: issue.kind ?? null },
  });
}

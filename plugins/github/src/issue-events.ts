import { dedupKey, textOf } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { issuesSchema } from './issue.schema.ts';
import { eventOf } from './reading.ts';
import type { Reading, Settings } from './reading.ts';

const ACTIONS: Record<string, 'trigger' | 'resolve'> = {
  opened: 'trigger',
  reopened: 'trigger',
  closed: 'resolve',
  deleted: 'resolve',
  transferred: 'resolve',
};

export function issuesEvent(message: z.infer<typeof issuesSchema>, settings: Settings): Reading {
  const { repository, issue } = message;
  if (!settings.issues) return { ignored: 'Issues are switched off in the settings' };
  const word = String(message.action);
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
  if (action === undefined) return { ignored: `The action "${word}" neither opens nor closes an issue` };
  return eventOf({
    action,
    key: dedupKey('github', repository.full_name, 'issue', issue.number),
    summary: [`${repository.full_name} #${issue.number}: ${textOf(issue.title) ?? 'issue'}`],
    source: repository.full_name,
    severity: 'info',
    kind: 'issues',
    timestamp: issue.updated_at,
    links: [
      [issue.html_url, `Issue #${issue.number}`],
      [repository.html_url, repository.full_name],
    ],
    details: {
      action: word,
      author: issue.user?.login ?? null,
      labels: (issue.labels ?? []).map((label) => label.name ?? null),
      state_reason: issue.state_reason ?? null,
    },
  });
}

import { dedupKey, eventOf, firstText, textOf, unwantedBranch } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { commitStatusSchema } from './bitbucket.schema.ts';

/** Pipelines report nothing but the status of a commit, as every other build service does. */
export function commitStatusEvent(
  message: z.infer<typeof commitStatusSchema>,
  wantsBranch: (branch: string) => boolean,
): Reading {
  const { repository, commit_status: status } = message;
  const action = actionOf(status.state);
  if (action === undefined)
    return { ignored: `The build's state is "${status.state.slice(0, 60)}", which is neither success nor failure` };
  const branch = textOf(status.refname) ?? '(no branch)';
  if (!wantsBranch(branch)) return unwantedBranch(branch);
  const check = checkOf(status);
  const name = firstText(status.name, status.key) ?? 'Build';
  const place = textOf(status.refname) === undefined ? repository.full_name : `${branch} of ${repository.full_name}`;
  const description = textOf(status.description);
  const sentence = `${name} ${action === 'trigger' ? 'failed' : 'succeeded'} on ${place}`;
  return eventOf({
    action,
    key: dedupKey('bitbucket', repository.full_name, 'status', `${check}:${branch}`),
    summary: [description === undefined ? sentence : `${sentence}: ${description}`],
    source: [repository.full_name],
    severity: 'error',
    kind: 'commit_status',
    component: check,
    group: branch,
    timestamp: status.updated_on,
    links: [
      [status.url, name],
      [repository.links?.html?.href, repository.full_name],
    ],
    details: { state: status.state, key: status.key, branch, description: description ?? null },
  });
}

function actionOf(state: string): 'trigger' | 'resolve' | undefined {
  if (state === 'FAILED') return 'trigger';
  return state === 'SUCCESSFUL' ? 'resolve' : undefined;
}

/**
 * What was checked, the same for every run. Pipelines names its statuses "Pipeline #12 for main" and gives keys that
 * are numbers of its own.
 */
function checkOf({ key, name }: z.infer<typeof commitStatusSchema>['commit_status']): string {
  const pipeline = /^(Pipeline) #\d{1,12}( .*)?$/s.exec(textOf(name) ?? '');
  return pipeline === null ? String(key) : `${pipeline[1] ?? ''}${pipeline[2] ?? ''}`;
}

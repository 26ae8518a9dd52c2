import { dedupKey, textOf } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { deploymentStatusSchema, statusSchema } from './deployment.schema.ts';
import { branchOf, eventOf, unwantedBranch } from './reading.ts';
import type { Reading, Settings } from './reading.ts';

/** Both deployments and commit statuses write failure, error or success; everything else is on the way. */
function actionOf(state: unknown): 'trigger' | 'resolve' | undefined {
  if (state === 'failure' || state === 'error') return 'trigger';
  return state === 'success' ? 'resolve' : undefined;
}

export function deploymentStatusEvent(message: z.infer<typeof deploymentStatusSchema>): Reading {
  const { repository, deployment_status: status, deployment } = message;
  const action = actionOf(status.state);
  if (action === undefined) return { ignored: `The deployment is in state "${String(status.state)}"` };
  const environment = textOf(deployment?.environment) ?? textOf(status.environment) ?? 'production';
  const ref = textOf(deployment?.ref);
  const what = ref === undefined ? 'Deployment' : `Deployment of ${ref}`;
  const verb = action === 'trigger' ? 'failed' : 'succeeded';
  const sentence = `${what} to ${environment} ${verb} (${repository.full_name})`;
  const description = textOf(status.description);
  return eventOf({
    action,
    key: dedupKey('github', repository.full_name, 'deployment', environment),
    summary: [description === undefined ? sentence : `${sentence}: ${description}`],
    source: repository.full_name,
    severity: 'error',
    kind: 'deployment_status',
    component: deployment?.task,
    group: environment,
    timestamp: status.updated_at,
    links: [
      [status.log_url, 'Log'],
      [status.target_url, 'Deployment'],
      [status.environment_url, environment],
      [repository.html_url, repository.full_name],
    ],
    details: { state: status.state, environment, ref: ref ?? null, description: description ?? null },
  });
}

export function statusEvent(message: z.infer<typeof statusSchema>, settings: Settings): Reading {
  const { repository } = message;
  const action = actionOf(message.state);
  if (action === undefined) return { ignored: `The commit status is "${String(message.state)}"` };
  const branch = statusBranch(message);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const context = textOf(message.context) ?? 'default';
  const sentence = `${context} ${action === 'trigger' ? 'failed' : 'succeeded'} on ${branch} of ${repository.full_name}`;
  const description = textOf(message.description);
  return eventOf({
    action,
    key: dedupKey('github', repository.full_name, 'status', `${context}:${branch}`),
    summary: [description === undefined ? sentence : `${sentence}: ${description}`],
    source: repository.full_name,
    severity: 'error',
    kind: 'status',
    component: context,
    group: branch,
    timestamp: message.updated_at,
    links: [
      [message.target_url, context],
      [repository.html_url, repository.full_name],
    ],
    details: { state: message.state, branch, sha: message.sha ?? null, description: description ?? null },
  });
}

/**
 * A commit can be the head of several branches, in any order: the default branch speaks for it, else the first by
 * name, so that the answer does not depend on the order.
 */
function statusBranch({ repository, branches }: z.infer<typeof statusSchema>): string {
  const names = (branches ?? []).map((branch) => branchOf(branch.name)).sort();
  const main = textOf(repository.default_branch);
  return main !== undefined && names.includes(main) ? main : branchOf(names[0]);
}

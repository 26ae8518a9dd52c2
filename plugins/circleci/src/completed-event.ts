import { dedupKey, eventOf, firstText, textOf, unwantedBranch } from '@patchbay/plugin-sdk';
import type { Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { jobSchema, legacySchema, workflowSchema } from './circleci.schema.ts';
import { outcomeOf } from './outcome.ts';

type Job = z.infer<typeof jobSchema>;
export interface Settings {
  wantsBranch: (branch: string) => boolean;
  /** Of what failed, for which CircleCI has no severity. */
  failure: Severity;
}

export function workflowEvent(message: z.infer<typeof workflowSchema>, settings: Settings): Reading {
  const { workflow } = message;
  const name = textOf(workflow.name) ?? 'workflow';
  return completedEvent(message, workflow.status, ['workflow', name], `Workflow ${name}`, settings);
}

export function jobEvent(message: Job, settings: Settings): Reading {
  const { job, workflow } = message;
  const name = textOf(job.name) ?? 'job';
  const parts = ['job', textOf(workflow?.name) ?? 'workflow', name];
  return completedEvent(message, job.status, parts, `Job ${name}`, settings);
}

function completedEvent(
  message: Pick<Job, 'project' | 'pipeline' | 'organization' | 'happened_at' | 'workflow'>,
  status: string,
  what: string[],
  title: string,
  settings: Settings,
): Reading {
  const outcome = outcomeOf(status, settings.failure);
  if (outcome === undefined)
    return { ignored: `The status is "${status.slice(0, 60)}", which is neither success nor failure` };
  const branch = branchOf(message.pipeline);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const { project, pipeline, organization } = message;
  const slug = firstText(project.slug, project.id, project.name) ?? 'project';
  const name = firstText(project.name, project.slug) ?? slug;
  const shown = [textOf(organization?.name), name].filter((part) => part !== undefined).join('/');
  const parameters = pipeline?.trigger_parameters;
  return eventOf({
    action: outcome.action,
    key: dedupKey('circleci', slug, what.join(':'), branch),
    summary: [`${title} ${outcome.verb} on ${branch} of ${shown}`],
    source: [shown],
    severity: outcome.severity,
    kind: what[0] ?? 'workflow',
    component: what.at(-1),
    group: branch,
    timestamp: message.happened_at,
    links: [
      [message.workflow?.url, 'Workflow'],
      [pipeline?.vcs?.target_repository_url ?? parameters?.gitlab?.web_url, name],
    ],
    details: { status, branch, pipeline: pipeline?.number ?? null, project: slug },
  });
}

/** Pipelines of GitLab and of the GitHub App have no `vcs`; the parameters of their trigger say the branch. */
function branchOf(pipeline: Job['pipeline']): string {
  const parameters = pipeline?.trigger_parameters;
  const origins = [parameters?.git, parameters?.gitlab, parameters?.github_app, parameters?.bitbucket];
  const named = firstText(
    pipeline?.vcs?.branch,
    ...origins.map((origin) => origin?.branch),
    pipeline?.vcs?.tag,
    ...origins.map((origin) => origin?.tag),
    ...origins.map((origin) => origin?.ref),
  );
  return named?.replace(/^refs\/(heads|tags)\//, '') ?? '(no branch)';
}

export function legacyEvent({ payload }: z.infer<typeof legacySchema>, settings: Settings): Reading {
  const status = firstText(payload.outcome, payload.status) ?? 'unknown';
  const outcome = outcomeOf(status, settings.failure);
  if (outcome === undefined)
    return { ignored: `The outcome is "${status.slice(0, 60)}", which is neither success nor failure` };
  const branch = firstText(payload.branch, payload.vcs_tag) ?? '(no branch)';
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const named = [textOf(payload.username), textOf(payload.reponame)].filter((part) => part !== undefined).join('/');
  const repository = firstText(named, payload.vcs_url) ?? 'project';
  const workflow = textOf(payload.workflows?.workflow_name);
  const job = firstText(payload.workflows?.job_name, payload.build_parameters?.CIRCLE_JOB);
  const what = [workflow, job].filter((part) => part !== undefined);
  return eventOf({
    action: outcome.action,
    key: dedupKey('circleci', repository, ['build', ...what].join(':'), branch),
    summary: [`${job === undefined ? 'Build' : `Job ${job}`} ${outcome.verb} on ${branch} of ${repository}`],
    source: [repository],
    severity: outcome.severity,
    kind: 'build',
    component: job,
    group: branch,
    timestamp: payload.stop_time,
    links: [
      [payload.build_url, 'Build'],
      [payload.vcs_url, repository],
    ],
    details: { status, branch, build: payload.build_num ?? null, subject: payload.subject ?? null },
  });
}

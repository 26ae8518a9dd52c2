import { clip, dedupKey, eventOf, firstText, textOf, unwantedBranch } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { deploymentSchema, jobSchema, pipelineSchema } from './gitlab.schema.ts';
import type { Settings } from './settings.ts';

const VERBS = { trigger: 'failed', resolve: 'succeeded' };
const FAILED_JOBS_CHARS = 200;

/** Only a failure and a success say something; what is created, running, manual, canceled or skipped says neither. */
function actionOf(status: unknown): 'trigger' | 'resolve' | undefined {
  if (status === 'failed') return 'trigger';
  return status === 'success' ? 'resolve' : undefined;
}

/** The project's path, which its name may be long gone from. */
export function projectPath(
  project: { path_with_namespace?: unknown; name?: unknown; id?: unknown } | null | undefined,
): string {
  return firstText(project?.path_with_namespace, project?.name, project?.id) ?? 'project';
}

const branchOf = (ref: unknown): string => textOf(ref) ?? '(no branch)';

export function pipelineEvent(message: z.infer<typeof pipelineSchema>, settings: Settings): Reading {
  const { object_attributes: pipeline, project } = message;
  const action = actionOf(pipeline.status);
  if (action === undefined) return { ignored: `The pipeline's status is "${String(pipeline.status)}"` };
  const branch = branchOf(pipeline.ref);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const path = projectPath(project);
  const name = textOf(pipeline.name);
  const request = textOf(message.merge_request?.iid);
  const place = request === undefined ? branch : `!${request}`;
  const lasting = lastingName(name, pipeline.id, textOf(pipeline.sha)?.slice(0, 7), message.commit?.title);
  // A child succeeds before its parent has, and has the parent's branch.
  const child = pipeline.source === 'parent_pipeline' ? ['child'] : [];
  const jobs = action === 'trigger' ? failedJobs(message.builds ?? []) : '';
  return eventOf({
    action,
    key: dedupKey('gitlab', path, 'pipeline', [...child, ...(lasting === undefined ? [] : [lasting]), place].join(':')),
    summary: [`${titleOf(name)} ${VERBS[action]} on ${place} of ${path}${jobs}`],
    source: [path],
    severity: settings.failure,
    kind: 'pipeline',
    component: name,
    group: place,
    timestamp: pipeline.finished_at,
    links: [
      [pipeline.url, 'Pipeline'],
      [pipelineLink(project.web_url, pipeline.id), 'Pipeline'],
      [message.merge_request?.url, `Merge request !${request ?? ''}`],
      [message.commit?.url, 'Commit'],
      [project.web_url, path],
    ],
    details: {
      status: pipeline.status,
      branch,
      source: pipeline.source ?? null,
      commit: message.commit?.title ?? message.commit?.id ?? null,
      by: message.user?.username ?? message.user?.name ?? null,
    },
  });
}

/**
 * The name of a pipeline tells pipelines of one branch apart, unless it is written out of what only one run has: then no
 * success would ever resolve a failure.
 */
function lastingName(name: string | undefined, ...ofOneRun: unknown[]): string | undefined {
  const isFleeting = ofOneRun.some((value) => {
    const text = textOf(value);
    return text !== undefined && text.length > 3 && name?.includes(text) === true;
  });
  return isFleeting ? undefined : name;
}

const titleOf = (name: string | undefined): string =>
  name === undefined || /^pipeline\b/i.test(name) ? (name ?? 'Pipeline') : `Pipeline ${name}`;

type Builds = NonNullable<z.infer<typeof pipelineSchema>['builds']>;

function failedJobs(builds: Builds): string {
  const names = builds.flatMap(({ name, status, allow_failure }) =>
    status === 'failed' && allow_failure !== true ? (textOf(name) ?? []) : [],
  );
  return names.length === 0 ? '' : clip(`: ${names.join(', ')}`, FAILED_JOBS_CHARS);
}

/** Bodies before GitLab 16.1, which tests of webhooks still send, have no address for the pipeline. */
function pipelineLink(home: unknown, id: unknown): string | undefined {
  const address = textOf(home);
  const number = textOf(id);
  return address === undefined || number === undefined ? undefined : `${address}/-/pipelines/${number}`;
}

export function jobEvent(message: z.infer<typeof jobSchema>, settings: Settings): Reading {
  const action = actionOf(message.build_status);
  if (action === undefined) return { ignored: `The job's status is "${String(message.build_status)}"` };
  const branch = branchOf(message.ref);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const path = firstText(message.project?.path_with_namespace, message.project_name, message.project_id) ?? 'project';
  const name = textOf(message.build_name) ?? 'job';
  // A job that succeeded in the end may still carry the reason of its last failure.
  const reason = action === 'trigger' ? textOf(message.build_failure_reason) : undefined;
  const home = firstText(message.project?.web_url, message.repository?.homepage);
  const job = textOf(message.build_id);
  return eventOf({
    action,
    key: dedupKey('gitlab', textOf(message.project_id) ?? path, 'job', `${name}:${branch}`),
    summary: [
      `Job ${name} ${VERBS[action]} on ${branch} of ${path}${reason === undefined || reason === 'unknown_failure' ? '' : `: ${reason.replaceAll('_', ' ')}`}`,
    ],
    source: [path],
    severity: message.build_allow_failure === true ? 'warning' : settings.failure,
    kind: 'job',
    component: firstText(message.build_stage, name),
    group: branch,
    timestamp: message.build_finished_at,
    links: [
      [home !== undefined && job !== undefined ? `${home}/-/jobs/${job}` : undefined, 'Job'],
      [home, path],
    ],
    details: {
      status: message.build_status,
      branch,
      stage: message.build_stage ?? null,
      runner: message.runner?.description ?? null,
    },
  });
}

export function deploymentEvent(message: z.infer<typeof deploymentSchema>, settings: Settings): Reading {
  const { project } = message;
  const action = actionOf(message.status);
  if (action === undefined) return { ignored: `The deployment's status is "${String(message.status)}"` };
  const path = projectPath(project);
  const environment = textOf(message.environment);
  return eventOf({
    action,
    key: dedupKey('gitlab', path, 'deployment', environment ?? 'environment'),
    summary: [`Deployment${environment === undefined ? '' : ` to ${environment}`} ${VERBS[action]} (${path})`],
    source: [path],
    severity: settings.failure,
    kind: 'deployment',
    component: message.environment_tier,
    group: environment,
    timestamp: message.status_changed_at,
    links: [
      [message.deployable_url, 'Job'],
      [message.environment_external_url, environment],
      [project.web_url, path],
    ],
    details: { status: message.status, ref: message.ref ?? null, commit: message.commit_title ?? null },
  });
}

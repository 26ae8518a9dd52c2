import { dedupKey, firstText, textOf } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type {
  gitlabBuildSchema,
  gitlabDeploymentSchema,
  gitlabIssueSchema,
  gitlabPipelineSchema,
} from './gitlab.schema.ts';
import { branchOf, eventOf, unwantedBranch } from './reading.ts';
import type { Reading, Settings } from './reading.ts';

function actionOf(status: unknown): 'trigger' | 'resolve' | undefined {
  if (status === 'failed') return 'trigger';
  return status === 'success' ? 'resolve' : undefined;
}

const verb = (action: 'trigger' | 'resolve') => (action === 'trigger' ? 'failed' : 'succeeded');

export function gitlabPipelineEvent(message: z.infer<typeof gitlabPipelineSchema>, settings: Settings): Reading {
  const { object_attributes: pipeline, project } = message;
  const action = actionOf(pipeline.status);
  if (action === undefined) return { ignored: `The pipeline's status is "${String(pipeline.status)}"` };
  const merge = textOf(message.merge_request?.iid);
  const branch = merge === undefined ? branchOf(pipeline.ref) : `!${merge}`;
  if (!settings.wantsBranch(branchOf(pipeline.ref))) return unwantedBranch(branchOf(pipeline.ref));
  const path = firstText(project.path_with_namespace, project.name, project.id) ?? 'project';
  const name = textOf(pipeline.name);
  // A name that is written out of what only one run has would never be resolved by the next run.
  const ofOneRun = [textOf(pipeline.id), textOf(pipeline.sha)?.slice(0, 7), textOf(message.commit?.title)];
  const isFleeting = ofOneRun.some((text) => text !== undefined && text.length > 3 && name?.includes(text) === true);
  const title = name === undefined || /^pipeline\b/i.test(name) ? (name ?? 'Pipeline') : `Pipeline ${name}`;
  return eventOf({
    action,
    key: dedupKey('gitlab', path, 'pipeline', name === undefined || isFleeting ? branch : `${name}:${branch}`),
    summary: [`${title} ${verb(action)} on ${branch} of ${path}`],
    source: path,
    severity: 'error',
    kind: 'pipeline',
    component: name,
    group: branch,
    timestamp: pipeline.finished_at,
    links: [
      [pipeline.url, 'Pipeline'],
      [project.web_url, path],
    ],
    details: { status: pipeline.status, branch, source: pipeline.source ?? null },
  });
}

export function gitlabBuildEvent(message: z.infer<typeof gitlabBuildSchema>, settings: Settings): Reading {
  const action = actionOf(message.build_status);
  if (action === undefined) return { ignored: `The job's status is "${String(message.build_status)}"` };
  const branch = branchOf(message.ref);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const path = firstText(message.project?.path_with_namespace, message.project_name, message.project_id) ?? 'project';
  const name = String(message.build_name);
  const reason = textOf(message.build_failure_reason);
  const sentence = `Job ${name} ${verb(action)} on ${branch} of ${path}`;
  const home = textOf(message.project?.web_url) ?? textOf(message.repository?.homepage);
  const job = textOf(message.build_id);
  return eventOf({
    action,
    key: dedupKey('gitlab', message.project_id ?? path, 'job', `${name}:${branch}`),
    summary: [action === 'trigger' && reason !== undefined ? `${sentence}: ${reason}` : sentence],
    source: path,
    severity: message.build_allow_failure === true ? 'warning' : 'error',
    kind: 'build',
    component: message.build_stage,
    group: branch,
    timestamp: message.build_finished_at,
    links: [
      [home !== undefined && job !== undefined ? `${home}/-/jobs/${job}` : undefined, 'Job'],
      [home, path],
    ],
    details: { status: message.build_status, branch, stage: message.build_stage ?? null },
  });
}

export function gitlabDeploymentEvent(message: z.infer<typeof gitlabDeploymentSchema>): Reading {
  const { project } = message;
  const action = actionOf(message.status);
  if (action === undefined) return { ignored: `The deployment's status is "${String(message.status)}"` };
  const path = firstText(project.path_with_namespace, project.name, project.id) ?? 'project';
  const environment = textOf(message.environment) ?? 'production';
  return eventOf({
    action,
    key: dedupKey('gitlab', path, 'deployment', environment),
    summary: [`Deployment to ${environment} ${verb(action)} (${path})`],
    source: path,
    severity: 'error',
    kind: 'deployment',
    group: environment,
    timestamp: message.status_changed_at,
    links: [
      [message.deployable_url, 'Job'],
      [message.environment_external_url, environment],
      [project.web_url, path],
    ],
    details: { status: message.status, environment, ref: message.ref ?? null },
  });
}

export function gitlabIssueEvent(message: z.infer<typeof gitlabIssueSchema>, settings: Settings): Reading {
  const { object_attributes: issue, project } = message;
  if (!settings.issues) return { ignored: 'Issues are switched off in the settings' };
  const action =
    issue.action === 'open' || issue.action === 'reopen' ? 'trigger' : issue.action === 'close' ? 'resolve' : undefined;
  if (action === undefined)
    return { ignored: `The action "${String(issue.action ?? 'none')}" neither opens nor closes an issue` };
  const path = firstText(project.path_with_namespace, project.name, project.id) ?? 'project';
  const number = firstText(issue.iid, issue.id) ?? '0';
  return eventOf({
    action,
    key: dedupKey('gitlab', path, 'issue', number),
    summary: [`${path} #${number}: ${textOf(issue.title) ?? 'issue'}`],
    source: path,
    severity: 'info',
    kind: 'issue',
    links: [
      [issue.url, `Issue #${number}`],
      [project.web_url, path],
    ],
    details: { action: issue.action ?? null, state: issue.state ?? null, severity: issue.severity ?? null },
  });
}

import { dedupKey, textOf } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { branchOf, concluded, eventOf, unwantedBranch } from './reading.ts';
import type { Reading, Settings } from './reading.ts';
import type { checkRunSchema, checkSuiteSchema, workflowJobSchema, workflowRunSchema } from './run.schema.ts';

export function workflowRunEvent(message: z.infer<typeof workflowRunSchema>, settings: Settings): Reading {
  const { repository, workflow_run: run } = message;
  const result = concluded(message.action, run);
  if ('ignored' in result) return result;
  // A fork's "main" is not our "main".
  const fork = textOf(run.head_repository?.full_name);
  const branch = branchOf(run.head_branch);
  const place = fork === undefined || fork === repository.full_name ? branch : `${fork}:${branch}`;
  if (!settings.wantsBranch(place)) return unwantedBranch(place);
  const name = textOf(run.name) ?? textOf(message.workflow?.name) ?? textOf(run.path) ?? 'Workflow';
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'workflow', run.workflow_id ?? message.workflow?.id ?? name, place),
    summary: [`${name} ${result.verb} on ${place} of ${repository.full_name}`],
    source: repository.full_name,
    severity: 'error',
    kind: 'workflow_run',
    component: name,
    group: place,
    timestamp: run.updated_at,
    links: [
      [run.html_url, 'Workflow run'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      conclusion: run.conclusion,
      branch: place,
      title: run.display_title ?? null,
      sha: run.head_sha ?? null,
      event: run.event ?? null,
      run_number: run.run_number ?? null,
      run_attempt: run.run_attempt ?? null,
      actor: run.actor?.login ?? null,
    },
  });
}

export function workflowJobEvent(message: z.infer<typeof workflowJobSchema>, settings: Settings): Reading {
  const { repository, workflow_job: job } = message;
  const result = concluded(message.action, job);
  if ('ignored' in result) return result;
  const branch = branchOf(job.head_branch);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const workflow = textOf(job.workflow_name);
  const name = workflow === undefined ? String(job.name) : `${workflow}/${String(job.name)}`;
  const failedSteps = (job.steps ?? []).filter((step) => step.conclusion === 'failure').map((step) => step.name ?? '?');
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'job', `${name}:${branch}`),
    summary: [`Job ${name} ${result.verb} on ${branch} of ${repository.full_name}`],
    source: repository.full_name,
    severity: 'error',
    kind: 'workflow_job',
    component: name,
    group: branch,
    timestamp: job.completed_at,
    links: [
      [job.html_url, 'Job'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      conclusion: job.conclusion,
      branch,
      sha: job.head_sha ?? null,
      runner: job.runner_name ?? null,
      failed_steps: failedSteps,
    },
  });
}

export function checkRunEvent(message: z.infer<typeof checkRunSchema>, settings: Settings): Reading {
  const { repository, check_run: check } = message;
  const result = concluded(message.action, check);
  if ('ignored' in result) return result;
  const branch = branchOf(check.check_suite?.head_branch);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const name = String(check.name);
  const title = textOf(check.output?.title);
  const sentence = `Check ${name} ${result.verb} on ${branch} of ${repository.full_name}`;
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'check', `${name}:${branch}`),
    summary: [title === undefined ? sentence : `${sentence}: ${title}`],
    source: repository.full_name,
    severity: 'error',
    kind: 'check_run',
    component: name,
    group: branch,
    timestamp: check.completed_at,
    links: [
      [check.html_url, 'Check'],
      [check.details_url, 'Details'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      conclusion: check.conclusion,
      branch,
      sha: check.head_sha ?? null,
      app: check.app?.slug ?? check.app?.name ?? null,
      output: check.output?.summary ?? null,
    },
  });
}

export function checkSuiteEvent(message: z.infer<typeof checkSuiteSchema>, settings: Settings): Reading {
  const { repository, check_suite: suite } = message;
  const result = concluded(message.action, suite);
  if ('ignored' in result) return result;
  const branch = branchOf(suite.head_branch);
  if (!settings.wantsBranch(branch)) return unwantedBranch(branch);
  const name = textOf(suite.app?.slug) ?? textOf(suite.app?.name) ?? 'checks';
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'suite', `${name}:${branch}`),
    summary: [`Checks of ${textOf(suite.app?.name) ?? name} ${result.verb} on ${branch} of ${repository.full_name}`],
    source: repository.full_name,
    severity: 'error',
    kind: 'check_suite',
    component: name,
    group: branch,
    timestamp: suite.updated_at,
    links: [[repository.html_url, repository.full_name]],
    details: { conclusion: suite.conclusion, branch, sha: suite.head_sha ?? null },
  });
}

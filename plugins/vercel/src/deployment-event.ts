import { dedupKey, eventOf, firstText, unwantedBranch } from '@patchbay/plugin-sdk';
import type { Reading, Severity } from '@patchbay/plugin-sdk';
import { projectOf } from './project.ts';
import type { Message } from './vercel.schema.ts';

export interface Settings {
  wantsBranch: (branch: string) => boolean;
  /** Whether previews open incidents, or only production. */
  previews: boolean;
  failure: Severity;
  previewFailure: Severity;
}

interface Change {
  action: 'trigger' | 'resolve';
  /** Part of the key: a failed build and a failed check are two problems. */
  about: 'deployment' | 'checks';
  words: string;
}

/** By the part of the type after "deployment."; old accounts write "deployment-error". */
const CHANGES = new Map<string, Change>([
  ['error', { action: 'trigger', about: 'deployment', words: 'failed' }],
  ['succeeded', { action: 'resolve', about: 'deployment', words: 'succeeded' }],
  ['ready', { action: 'resolve', about: 'deployment', words: 'is ready' }],
  ['checks.failed', { action: 'trigger', about: 'checks', words: 'failed its checks' }],
  ['checks.succeeded', { action: 'resolve', about: 'checks', words: 'passed its checks' }],
]);

/** The change that a type of deployment message says; undefined for those that say neither good nor bad. */
export function deploymentChange(type: string): Change | undefined {
  return CHANGES.get(type.replace(/^deployment[.-]/, ''));
}

export function deploymentEvent(message: Message, change: Change, settings: Settings): Reading {
  const { payload } = message;
  const deployment = payload.deployment ?? {};
  const meta = deployment.meta ?? {};
  const project = projectOf(payload);
  const target = firstText(payload.target, deployment.target) ?? 'preview';
  const branch = firstText(meta.githubCommitRef, meta.gitlabCommitRef, meta.bitbucketCommitRef, meta.branch);
  if (target === 'preview' && !settings.previews) return { ignored: 'Previews open no incidents by the settings' };
  if (branch !== undefined && !settings.wantsBranch(branch)) return unwantedBranch(branch);
  // All of production is one place whatever branch it comes from; previews are a place for each branch.
  const place = target === 'preview' && branch !== undefined ? `${target}:${branch}` : target;
  const address = firstText(deployment.url, payload.url);
  const sha = firstText(meta.githubCommitSha, meta.gitlabCommitSha, meta.bitbucketCommitSha);
  return eventOf({
    action: change.action,
    key: dedupKey('vercel', project.id, change.about === 'checks' ? `${place}:checks` : place),
    summary: [
      `Deployment of ${project.name} to ${target} ${change.words}${branch === undefined ? '' : ` (${branch})`}`,
    ],
    source: [project.name],
    severity: target === 'preview' ? settings.previewFailure : settings.failure,
    kind: 'deployment',
    component: project.name,
    group: target,
    timestamp: message.createdAt,
    links: [
      [firstText(payload.links?.deployment, deployment.inspectorUrl), 'Deployment in Vercel'],
      [address !== undefined && /^[\w.-]+$/.test(address) ? `https://${address}` : address, 'Deployment'],
      [payload.links?.project, project.name],
    ],
    details: {
      type: message.type,
      target,
      branch: branch ?? null,
      commit: sha ?? null,
      message: firstText(meta.githubCommitMessage, meta.gitlabCommitMessage, meta.bitbucketCommitMessage) ?? null,
    },
  });
}

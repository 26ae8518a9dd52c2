import { dedupKey, eventOf, hostOf } from '@patchbay/plugin-sdk';
import type { Reading, Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  failureSeverity: Severity;
  unstableSeverity: Severity;
  /** The phase of the Notification plugin that counts. */
  phase: 'finalized' | 'completed';
}

/** What is known of a finished build. */
export interface FinishedBuild {
  result: string;
  jobName: string | undefined;
  /** Address or path of the job. */
  jobUrl: string | undefined;
  /** Address or path of the build. */
  buildUrl: string | undefined;
  number: string | undefined;
  branch?: string | undefined;
  timestamp?: unknown;
}

/** What follows cannot be a part of a job's address, and searching in it costs time. */
const ADDRESS_CHARS = 2000;

const VERBS = new Map<string, 'failed' | 'is unstable' | 'succeeded'>([
  ['failure', 'failed'],
  ['failed', 'failed'],
  ['fail', 'failed'],
  ['error', 'failed'],
  ['unstable', 'is unstable'],
  ['success', 'succeeded'],
  ['successful', 'succeeded'],
  ['fixed', 'succeeded'],
]);

/** A build that was aborted or not run says neither that it works nor that it is broken. */
export function jobEvent(build: FinishedBuild, settings: Settings): Reading {
  const verb = VERBS.get(build.result.trim().toLowerCase());
  if (verb === undefined)
    return { ignored: `The build's result is "${build.result.slice(0, 60)}", which is neither success nor failure` };
  const host = hostOf(build.buildUrl) ?? hostOf(build.jobUrl);
  const path =
    jobPath(build.jobUrl) ?? jobPath(build.buildUrl)?.replace(/\/\d+(?:\/(?:display\/redirect|[^/]*))?$/, '');
  const name = build.jobName ?? path?.replace(/(^|\/)job\//g, '$1') ?? 'Job';
  const run = build.number === undefined ? name : `${name} #${build.number}`;
  const branch = build.branch?.replace(/^origin\//, '');
  return eventOf({
    action: verb === 'succeeded' ? 'resolve' : 'trigger',
    key: dedupKey('jenkins', host ?? 'jenkins', path ?? name),
    summary: [branch === undefined ? `${run} ${verb}` : `${run} ${verb} on ${branch}`],
    source: [host, 'Jenkins'],
    severity: verb === 'is unstable' ? settings.unstableSeverity : settings.failureSeverity,
    kind: 'build',
    component: name,
    group: branch,
    timestamp: build.timestamp,
    links: [
      [build.buildUrl, run],
      [build.jobUrl, name],
    ],
    details: { result: build.result, job: name, number: build.number ?? null, branch: branch ?? null },
  });
}

/** `job/team/job/shop` out of an address or a path, whatever path Jenkins itself has; the key of a job in its Jenkins. */
function jobPath(address: string | undefined): string | undefined {
  return /(?:^|\/)(job\/[^?#]{1,1000}?)\/?(?:[?#]|$)/.exec(address?.slice(0, ADDRESS_CHARS) ?? '')?.[1];
}

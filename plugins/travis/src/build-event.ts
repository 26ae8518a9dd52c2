import { dedupKey, eventOf, firstText, textOf, unwantedBranch } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { buildSchema } from './build.schema.ts';

type Build = z.infer<typeof buildSchema>;

/** The words of `status_message` and of `state`, in lower case. */
const ACTIONS = new Map<string, EventAction | 'none'>([
  ['passed', 'resolve'],
  ['fixed', 'resolve'],
  ['broken', 'trigger'],
  ['failed', 'trigger'],
  ['still failing', 'trigger'],
  ['errored', 'trigger'],
  ['pending', 'none'],
  ['started', 'none'],
  ['created', 'none'],
  ['canceled', 'none'],
  ['cancelled', 'none'],
]);

export function buildEvent(build: Build, wantsBranch: (branch: string) => boolean, severity: Severity): Reading {
  const { repository } = build;
  const state = firstText(build.status_message, build.result_message, build.state);
  const action = actionOf(build, state);
  if (action === undefined)
    return { ignored: `The build is "${(state ?? 'unknown').slice(0, 60)}", which is neither success nor failure` };
  const branch = textOf(build.branch) ?? '(no branch)';
  if (!wantsBranch(branch)) return unwantedBranch(branch);
  const named = [repository.owner_name, repository.name].flatMap((part) => textOf(part) ?? []).join('/');
  const name = firstText(named, repository.url, repository.id) ?? 'repository';
  const pull = pullRequestOf(build);
  const place = pull === undefined ? branch : `pull request #${pull}`;
  const verb = action === 'resolve' ? 'passed' : state?.toLowerCase() === 'errored' ? 'ended with an error' : 'failed';
  const number = textOf(build.number);
  return eventOf({
    action,
    key: dedupKey('travis', name, pull === undefined ? branch : `${branch}:pull-${pull}`),
    summary: [`Build ${verb} on ${place} of ${name}`],
    source: [name],
    severity,
    kind: 'build',
    component: name,
    group: branch,
    timestamp: build.finished_at,
    links: [
      [build.build_url, number === undefined ? 'Build' : `Build ${number}`],
      [build.compare_url, 'Changes'],
      [repository.url, name],
    ],
    details: {
      state: state ?? null,
      branch,
      pull_request: pull ?? null,
      number: number ?? null,
      message: textOf(build.message)?.slice(0, 1000) ?? null,
      author: build.author_name ?? null,
    },
  });
}

/** Old servers send no more than a number: 0 for a success, 1 for a failure, null for a build that runs. */
function actionOf(build: Build, state: string | undefined): EventAction | undefined {
  const named = ACTIONS.get(state?.toLowerCase() ?? '');
  if (named !== undefined) return named === 'none' ? undefined : named;
  const status = firstText(build.status, build.result);
  return status === '0' ? 'resolve' : status === '1' ? 'trigger' : undefined;
}

/** The branch of a pull request's build is the one that it is to be merged into. */
function pullRequestOf(build: Build): string | undefined {
  const isPull = build.pull_request === true || build.type === 'pull_request';
  return isPull ? (textOf(build.pull_request_number) ?? 'unknown') : undefined;
}

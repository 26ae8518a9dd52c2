import { submissionListSchema, type Submission, type SubmissionState } from '../contract/rest/registry.ts';
import { askRegistry } from './ask-registry.ts';
import { failure, type CommandResult } from './command-result.ts';
import { findLogin, type RegistryOptions } from './login.ts';

const words: Record<SubmissionState, string> = {
  uploaded: 'held: its checks have not begun',
  checking: 'held: its checks are being made',
  in_review: 'held: it waits for a reviewer',
  changes_requested: 'sent back: change it and publish the version again',
  approved: 'held: it is being published',
  published: 'published',
  rejected: 'rejected: correct what is below and publish again',
  quarantined: 'held: a person has to look at it',
};

const wordsOfRelease: Record<NonNullable<Submission['release']>['state'], string> = {
  published: words.published,
  yanked: 'yanked: it was published, and is offered to nobody now',
  held: 'held: it was published, and a later check found something; a reviewer has to look at it',
  revoked: 'revoked: it was published, and runs nowhere any more',
};

/** What an ending of a submission means for a script: only what is in the catalogue is a success. */
export function exitCodeOf({ state, release }: Submission): 0 | 1 | 3 {
  if (state !== 'published') return state === 'rejected' || state === 'changes_requested' ? 1 : 3;
  if (release === null || release.state === 'published') return 0;
  return release.state === 'held' ? 3 : 1;
}

function wordsOf({ state, checks, release }: Submission): string {
  if (release !== null) return wordsOfRelease[release.state];
  return state === 'checking' && checks.some(({ outcome }) => outcome === 'errored')
    ? 'held: a check could not be carried out; it is tried again by itself'
    : words[state];
}

/**
 * What became of what was published: every check with its findings, the place, and what to do.
 *
 * @param plugin `namespace/name`, or `namespace/name@version`; all of one's own when left out
 */
export async function statusCommand(plugin: string | undefined, options: RegistryOptions): Promise<CommandResult> {
  const found = await findLogin(options);
  if (!found.ok) return found.result;
  const [id, version] = (plugin ?? '').split('@');
  const query = id === '' || id === undefined ? '' : `?plugin=${encodeURIComponent(id)}`;
  const asked = await askRegistry(found.login, {
    path: `/api/registry/submissions/mine${query}`,
    schema: submissionListSchema,
  });
  if (!asked.ok) return asked.result;
  const wanted = asked.value.items.filter((one) => version === undefined || one.version === version);
  const [latest] = wanted;
  if (latest === undefined)
    return failure('NOT_FOUND', `You have not published ${plugin ?? 'anything'} at ${found.login.registry}.`);
  // Of one plugin the newest submission counts; the others are history.
  const shown = id === '' || id === undefined ? newestOfEach(wanted) : [latest];
  const codes = shown.map(exitCodeOf);
  const exitCode = codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
  return { exitCode, report: { submissions: shown }, lines: shown.flatMap(submissionLines) };
}

function newestOfEach(submissions: readonly Submission[]): Submission[] {
  const seen = new Set<string>();
  return submissions.filter(({ plugin }) => !seen.has(plugin) && seen.add(plugin));
}

/** A submission as a person reads it: its state, then each check with place and advice. */
export function submissionLines(one: Submission): string[] {
  const { plugin, version, state, approvals, checks, submissionId } = one;
  const reason = one.reason ?? one.release?.reason ?? null;
  const second = state === 'in_review' && approvals.needed > 1 ? ` (${approvals.given} of 2 approvals)` : '';
  return [
    `${plugin} ${version}: ${wordsOf(one)}${second}  [${submissionId}]`,
    ...(reason === null ? [] : [`  ${reason}`]),
    ...checks.flatMap(({ name, outcome, summary, findings }) => [
      `  ${outcome.padEnd(7)} ${name}: ${summary}`,
      ...findings.flatMap(({ level, place, message, advice, rule }) => [
        `    ${level} ${place}: ${message} [${rule}]`,
        `      ${advice}`,
      ]),
    ]),
  ];
}

import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { ApiErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import { verifyEnvelope } from '@patchbay/plugin-sdk/package/statement';
import type { Registry } from '../registry.ts';
import { approveByPolicy } from './approve.ts';
import { authorKeys, unknownKey, type Publisher } from './author-keys.ts';
import { changeState } from './change-state.ts';
import { checkSubmission } from './check-submission.ts';
import { findSubmission, OPEN_MAX, submit, type Submission } from './submissions.ts';

export interface PublishRequest {
  bytes: Uint8Array;
  /** The author's signed release statement over exactly these bytes. */
  envelope: Envelope;
  /** The author's public key; enrolled when the namespace is new. */
  publicKey: KeyObject;
  publisher: Publisher;
  /** How long its checks are waited for (default: `ANSWERED_MS`); they are made all the same. */
  answerWithinMs?: number;
}

export interface PublishReport {
  submissionId: string;
  plugin: string;
  version: string;
  sha256: string;
  state: SubmissionState;
  checks: CheckResult[];
}

export type PublishOutcome =
  | ({ ok: true } & PublishReport)
  | { ok: false; code: ApiErrorCode; message: string; details?: Issue[]; report?: PublishReport };

/**
 * Takes a package: verifies its author, stores it, checks it, and publishes it if a recorded policy approves it;
 * otherwise it waits for a reviewer. Everybody's packages come through here, ours too. Uploading the same bytes again
 * goes on where the first upload stopped.
 */
export async function publishPackage(registry: Registry, request: PublishRequest): Promise<PublishOutcome> {
  const read = await readPackage(request.bytes);
  if (!read.ok)
    return { ok: false, code: read.code, message: read.message, ...('issues' in read ? { details: read.issues } : {}) };
  const subject = read.package;
  const { id, version } = subject.manifest;

  const authors = await authorKeys(registry, namespaceOf(id), request.publisher, request.publicKey);
  if (!authors.ok) return authors;
  const unknown = unknownKey(namespaceOf(id), authors.keys, request.envelope);
  if (unknown !== undefined) return unknown;
  const signed = verifyEnvelope('release', request.envelope, authors.keys);
  if (!signed.ok) return { ok: false, code: 'PACKAGE_TAMPERED', message: `Author signature: ${signed.message}` };
  const { statement } = signed;
  for (const [what, said, found] of [
    ['id', statement.id, id],
    ['version', statement.version, version],
    ['package digest', statement.sha256, subject.sha256],
    ['module digest', statement.moduleSha256, subject.moduleSha256],
    ['host API', statement.hostApi, subject.manifest.hostApi],
  ])
    if (said !== found)
      return { ok: false, code: 'PACKAGE_TAMPERED', message: `Author signature: it is for another ${what}.` };

  const submission = await submit(registry, subject, request.bytes, request.envelope, signed.keyId, request.publisher);
  if (!submission.ok && submission.why === 'full')
    return {
      ok: false,
      code: 'SUBMISSIONS_FULL',
      message: `${OPEN_MAX} of your submissions wait to be checked or reviewed.`,
    };
  if (!submission.ok)
    return { ok: false, code: 'VERSION_EXISTS', message: `${id} ${version} was already published with other bytes.` };
  return goOn(registry, submission, subject, request);
}

/** Carries a submission as far as it gets now, from whatever state it is in. */
async function goOn(
  registry: Registry,
  { submissionId }: Submission,
  subject: PluginPackage,
  { publisher, answerWithinMs = ANSWERED_MS }: PublishRequest,
): Promise<PublishOutcome> {
  await changeState(registry.db, submissionId, 'checking', registry.now(), publisher.name);
  const present = await findSubmission(registry.db, submissionId);
  if (present.state === 'checking') {
    // What a policy approves is approved here, so it is waited for.
    if (publisher.policy !== undefined)
      await untilChecked(registry, submissionId, subject, AbortSignal.timeout(POLICY_MS));
    else await checkInTime(registry, submissionId, subject, answerWithinMs);
  }
  await approveByPolicy(registry, submissionId, subject, publisher);
  const { state, checks } = await findSubmission(registry.db, submissionId);
  const { id: plugin, version } = subject.manifest;
  const report: PublishReport = { submissionId, plugin, version, sha256: subject.sha256, state, checks };
  if (state === 'rejected') {
    const bad = checks.filter(({ outcome }) => outcome === 'failed');
    const message = `${plugin} ${version} was rejected: ${bad.map(({ name, summary }) => `${name}: ${summary}`).join(' ')}`;
    return { ok: false, code: 'CHECKS_FAILED', message, details: findingsOf(bad), report };
  }
  if (state === 'checking') {
    const open = checks.filter(({ outcome }) => outcome === 'errored').map(({ name }) => name);
    if (open.length === 0) return { ok: true, ...report };
    const message = `These checks could not be carried out: ${open.join(', ')}. They are made again by themselves, or when you upload the same package again.`;
    return { ok: false, code: 'CHECKS_INCOMPLETE', message, report };
  }
  return { ok: true, ...report };
}

/**
 * Checks it, or waits for the process that is at it; one that has died is seen by the end of its lease. Where many wait
 * for their turn the upload is answered before, and its checks are made all the same.
 */
async function checkInTime(
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  withinMs: number,
): Promise<void> {
  const late = new AbortController();
  const checked = untilChecked(registry, submissionId, subject, late.signal);
  const waited = sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined);
  try {
    await Promise.race([checked, waited]);
  } finally {
    late.abort();
    // Nobody waits any more; what fails now is taken up by the watchdog.
    checked.catch(() => undefined);
  }
}

async function untilChecked(
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  late: AbortSignal,
): Promise<void> {
  while (!late.aborted && !(await checkSubmission(registry, submissionId, subject))) {
    const { state } = await findSubmission(registry.db, submissionId);
    if (state !== 'checking') return;
    await sleep(LOOK_MS);
  }
}

/** Less than an uploader waits for an answer. */
const ANSWERED_MS = 90 * 1000;
const POLICY_MS = 10 * 60 * 1000;
const LOOK_MS = 500;

function findingsOf(checks: CheckResult[]): Issue[] {
  return checks
    .flatMap(({ findings }) => findings)
    .filter(({ level }) => level === 'error')
    .map(({ place, message, advice }) => ({ path: place, message: `${message} ${advice}`.slice(0, 512) }));
}

function namespaceOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

import { randomUUID } from 'node:crypto';
import type { CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { sql } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import { judgePackage } from '../review/judge-package.ts';
import { changeState } from './change-state.ts';
import { storeChecks } from './submissions.ts';

/**
 * The checks of one submission, made by one process at a time.
 *
 *   checking                  waits for a turn
 *   checking, claimed         a process makes the checks; its lease says until when it is believed to live
 *   -> in_review, rejected    by the stored results, only of the one that holds the claim
 *   -> checking               a check could not be carried out: due again after a while, the longer the more often
 *
 * The lease is renewed while the checks are made. A process that dies leaves it behind; it ends soon, and the watchdog or
 * the next upload claims the submission.
 */
const LEASE_MS = 20 * 1000;
const RENEW_MS = 5 * 1000;
const RETRY_MS = 60 * 1000;
const RETRY_MAX_MS = 60 * 60 * 1000;

/** Who passes and rejects without a person. */
const CHECKS = 'policy:required-checks';

/** @returns false when another process is at it, or it is not in the state `checking` any more */
export async function checkSubmission(
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
): Promise<boolean> {
  return registry.checkTurns(async () => {
    const claim = randomUUID();
    const attempts = await takeClaim(registry, submissionId, claim);
    if (attempts === undefined) return false;
    const renewal = setInterval(() => void renew(registry, submissionId, claim), RENEW_MS);
    let results: CheckResult[];
    try {
      results = await judgePackage(registry, subject);
    } finally {
      clearInterval(renewal);
    }
    if (!(await storeChecks(registry, submissionId, subject.sha256, results, claim))) return false;
    const { id, version } = subject.manifest;
    await settle(registry, submissionId, `${id} ${version}`, results);
    await giveBack(registry, submissionId, claim, attempts);
    return true;
  });
}

/** @returns how often its checks were begun, this time counted; undefined when it is not to be had */
async function takeClaim(registry: Registry, submissionId: string, claim: string): Promise<number | undefined> {
  const now = registry.now();
  const row = await registry.db
    .updateTable('registry_submissions')
    .set({
      check_claim: claim,
      check_until: new Date(now.getTime() + LEASE_MS),
      check_attempts: sql<number>`check_attempts + 1`,
    })
    .where('submission_id', '=', submissionId)
    .where('state', '=', 'checking')
    .where((eb) => eb.or([eb('check_claim', 'is', null), eb('check_until', '<', now)]))
    .returning('check_attempts')
    .executeTakeFirst();
  return row?.check_attempts;
}

async function renew(registry: Registry, submissionId: string, claim: string): Promise<void> {
  try {
    await registry.db
      .updateTable('registry_submissions')
      .set({ check_until: new Date(registry.now().getTime() + LEASE_MS) })
      .where('submission_id', '=', submissionId)
      .where('check_claim', '=', claim)
      .execute();
  } catch {
    // A database that is away: if it stays away the lease ends, and what was found is dropped.
  }
}

async function giveBack(registry: Registry, submissionId: string, claim: string, attempts: number): Promise<void> {
  const wait = Math.min(RETRY_MS * 2 ** (attempts - 1), RETRY_MAX_MS);
  await registry.db
    .updateTable('registry_submissions')
    .set({ check_claim: null, check_until: new Date(registry.now().getTime() + wait) })
    .where('submission_id', '=', submissionId)
    .where('check_claim', '=', claim)
    .execute();
}

async function settle(registry: Registry, submissionId: string, subject: string, results: CheckResult[]) {
  const now = registry.now();
  const bad = results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);
  if (bad.length === 0) {
    await changeState(registry.db, submissionId, 'in_review', now, CHECKS);
    return;
  }
  await registry.db.transaction().execute(async (transaction) => {
    const reason = `Checks failed: ${bad.join(', ')}`;
    if (!(await changeState(transaction, submissionId, 'rejected', now, CHECKS, reason))) return;
    const decision = { actor: CHECKS, action: 'submission.rejected', subject } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { submissionId, failed: bad } }, now);
  });
}

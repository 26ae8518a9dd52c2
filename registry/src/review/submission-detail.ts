import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { importModules } from '@patchbay/plugin-sdk/checks/module-checks';
import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { whyNotReviewer } from '../publish/approve.ts';
import { findSubmission } from '../publish/submissions.ts';
import type { Registry } from '../registry.ts';
import { checkPolicies } from './check-policies.ts';
import { comparePackages } from './compare-packages.ts';
import { showSubmission } from './review-queue.ts';
import { packageBefore, packageOf } from './submitted-package.ts';

/** One submission with all that it is judged by; undefined when its package is gone. */
export async function submissionDetail(
  registry: Registry,
  submissionId: string,
  asker: string,
): Promise<SubmissionDetail | undefined> {
  const { db } = registry;
  const { authorKeyId, submittedBy, plugin, packageSha256 } = await findSubmission(db, submissionId);
  const subject = await packageOf(registry, packageSha256);
  if (subject === undefined) return undefined;
  const events = await db
    .selectFrom('registry_submission_events')
    .select(['state', 'actor', 'reason', 'at'])
    .where('submission_id', '=', submissionId)
    .orderBy('number')
    .execute();
  const reviews = await db
    .selectFrom('registry_approvals')
    .select(['reviewer', 'package_sha256', 'note', 'at'])
    .where('submission_id', '=', submissionId)
    .orderBy('at')
    .execute();
  const history = await db
    .selectFrom('registry_submissions')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('submitted_by', '=', submittedBy)
    .where('submission_id', '<>', submissionId)
    .groupBy('state')
    .execute();
  const shown = await showSubmission(registry, submissionId);
  const made = new Set(shown.checks.map(({ name }) => name));
  const policies = await checkPolicies(db);
  const isOpen = shown.state === 'uploaded' || shown.state === 'checking';
  const approvedBefore = reviews.some(({ reviewer }) => reviewer === asker);
  return {
    ...shown,
    name: subject.manifest.name,
    summary: subject.manifest.summary,
    authorKeyId,
    consent: consentOf(subject.manifest).lines,
    imports: importModules(subject.module),
    difference: comparePackages(await packageBefore(registry, subject), subject),
    reviews: reviews.map((one) => ({
      reviewer: one.reviewer,
      sha256: one.package_sha256,
      note: one.note,
      at: one.at.toISOString(),
    })),
    events: events.map((one) => ({ ...one, at: one.at.toISOString() })),
    history: Object.fromEntries(history.map(({ state, count }) => [state, count])),
    checksToCome: requiredChecks.filter((name) => isOpen && policies[name].enabled && !made.has(name)),
    mayNotApprove: approvedBefore
      ? 'You have approved it already: it needs another reviewer as well.'
      : await whyNotReviewer(db, plugin, submittedBy, asker),
  };
}

/** One text file of a submission, and the same of the version before. */
export async function comparedFile(
  registry: Registry,
  submissionId: string,
  path: string,
): Promise<{ before: string | null; after: string | null } | undefined> {
  const { packageSha256 } = await findSubmission(registry.db, submissionId);
  const subject = await packageOf(registry, packageSha256);
  if (subject === undefined) return undefined;
  const before = await packageBefore(registry, subject);
  return {
    before: before?.files.get(path)?.toString('utf8') ?? null,
    after: subject.files.get(path)?.toString('utf8') ?? null,
  };
}

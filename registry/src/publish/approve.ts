import type { Transaction } from 'kysely';
import { compilerIdentity } from '@patchbay/plugin-sdk/checks/compiler-identity';
import { CHECKS_REVISION } from '@patchbay/plugin-sdk/checks/check-result';
import { importModules } from '@patchbay/plugin-sdk/checks/module-checks';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import { roleIn } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';
import { neededApprovals } from '../review/needed-approvals.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { Publisher } from './author-keys.ts';
import { changeState } from './change-state.ts';
import { findPolicy } from './policies.ts';
import { findSubmission } from './submissions.ts';

/**
 * Approves and publishes what waits for review, if the publisher acts under a recorded policy for this namespace.
 */
export async function approveByPolicy(
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  publisher: Publisher,
): Promise<void> {
  if (publisher.policy === undefined) return;
  const policy = await findPolicy(registry.db, publisher.policy);
  const { id } = subject.manifest;
  if (policy === undefined || !id.startsWith(`${policy.namespace}/`)) return;
  const now = registry.now();
  await registry.db
    .transaction()
    .execute((transaction) =>
      publishVersion(
        transaction,
        registry,
        submissionId,
        subject,
        { name: `policy:${policy.id}`, cooldownSeconds: policy.cooldownSeconds },
        now,
      ),
    );
}

export type ReviewOutcome =
  { ok: true } | { ok: false; code: 'NOT_FOUND' | 'CONFLICT' | 'OWN_SUBMISSION' | 'PACKAGE_TAMPERED'; message: string };

interface Reading {
  /** Digest of the package that the reviewer has read; null where a caller of the same process vouches for it. */
  sha256: string | null;
  note: string;
}

/**
 * A reviewer approves what they have read. With the last approval that it needs the version is published, in the same
 * transaction; until then it stays in review. Nobody approves what they or their namespace submitted.
 */
export async function approveSubmission(
  registry: Registry,
  submissionId: string,
  reviewer: string,
  reading: Reading = { sha256: null, note: '' },
): Promise<ReviewOutcome> {
  const row = await registry.db
    .selectFrom('registry_submissions')
    .select('package_sha256')
    .where('submission_id', '=', submissionId)
    .executeTakeFirst();
  if (row === undefined) return { ok: false, code: 'NOT_FOUND', message: 'There is no such submission.' };
  const sha256 = row.package_sha256;
  if (reading.sha256 !== null && reading.sha256 !== sha256)
    return { ok: false, code: 'CONFLICT', message: 'This is not the package that you have read. Read it again.' };
  const bytes = await registry.blobs.get(sha256);
  const read = bytes === undefined ? undefined : await readPackage(bytes);
  if (read?.ok !== true) return { ok: false, code: 'PACKAGE_TAMPERED', message: 'The stored package cannot be read.' };
  const subject = read.package;
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<ReviewOutcome> => {
    const open = await transaction
      .selectFrom('registry_submissions')
      .select('submitted_by')
      .where('submission_id', '=', submissionId)
      .where('state', '=', 'in_review')
      .forUpdate()
      .executeTakeFirst();
    if (open === undefined) return notOpen;
    const own = await whyNotReviewer(transaction, subject.manifest.id, open.submitted_by, reviewer);
    if (own !== null) return { ok: false, code: 'OWN_SUBMISSION', message: own };
    await transaction
      .insertInto('registry_approvals')
      .values({ submission_id: submissionId, reviewer, package_sha256: sha256, note: reading.note, at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const given = await countApprovals(transaction, submissionId, sha256);
    const needed = await neededApprovals(transaction, subject.manifest);
    if (given < needed) {
      const about = { actor: reviewer, subject: `${subject.manifest.id} ${subject.manifest.version}` };
      const details = { submissionId, sha256, given, needed };
      await appendDecision(transaction, registry.key, { ...about, action: 'submission.reviewed', details }, now);
      return { ok: true };
    }
    const published = await publishVersion(transaction, registry, submissionId, subject, { name: reviewer }, now);
    return published ? { ok: true } : notOpen;
  });
}

const notOpen: ReviewOutcome = {
  ok: false,
  code: 'CONFLICT',
  message: 'Only a submission that passed its checks and is in review can be approved.',
};

/** Why somebody may not review a submission; null when they may. */
export async function whyNotReviewer(
  db: Pick<Transaction<RegistryTables>, 'selectFrom'>,
  plugin: string,
  submittedBy: string,
  reviewer: string,
): Promise<string | null> {
  if (submittedBy === reviewer) return 'You submitted it yourself: somebody else has to review it.';
  const namespace = plugin.slice(0, plugin.indexOf('/'));
  const own = await roleIn(db, namespace, reviewer);
  return own === undefined ? null : `The namespace "${namespace}" is yours: somebody else has to review it.`;
}

export async function countApprovals(
  db: Pick<Transaction<RegistryTables>, 'selectFrom'>,
  submissionId: string,
  sha256: string,
): Promise<number> {
  const row = await db
    .selectFrom('registry_approvals')
    .select((eb) => eb.fn.countAll<number>().as('given'))
    .where('submission_id', '=', submissionId)
    .where('package_sha256', '=', sha256)
    .executeTakeFirstOrThrow();
  return row.given;
}

/** A reviewer turns a submission down for good, or sends it back; the author sees the reason. */
export async function turnDown(
  registry: Registry,
  submissionId: string,
  reviewer: string,
  to: 'rejected' | 'changes_requested',
  reason: string,
): Promise<ReviewOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<ReviewOutcome> => {
    const row = await transaction
      .selectFrom('registry_submissions')
      .select(['plugin_id', 'version'])
      .where('submission_id', '=', submissionId)
      .executeTakeFirst();
    if (row === undefined) return { ok: false, code: 'NOT_FOUND', message: 'There is no such submission.' };
    if (!(await changeState(transaction, submissionId, to, now, reviewer, reason)))
      return { ok: false, code: 'CONFLICT', message: 'This submission is no longer in review.' };
    const subject = `${row.plugin_id} ${row.version}`;
    const action = to === 'rejected' ? 'submission.rejected' : 'submission.changes-requested';
    const decision = { actor: reviewer, action, subject } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { submissionId, reason } }, now);
    return { ok: true };
  });
}

/** A reviewer, or a recorded policy with the cooldown that it has for what it approves. */
interface Approver {
  name: string;
  cooldownSeconds?: number;
}

/** Approval, countersignature and publication are one transaction: there is never one without the others. */
async function publishVersion(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  approver: Approver,
  now: Date,
): Promise<boolean> {
  const approvedBy = approver.name;
  const { id, version } = subject.manifest;
  if (!(await changeState(transaction, submissionId, 'approved', now, approvedBy))) return false;
  if (!(await changeState(transaction, submissionId, 'published', now, approvedBy)))
    throw new Error('The passes are not there.');
  const { packageSha256, authorKeyId } = await findSubmission(transaction, submissionId);
  if (packageSha256 !== subject.sha256) throw new Error('The package is not the one that was submitted.');
  await insertVersion(transaction, registry, submissionId, subject, approver, now);
  await updateCatalogue(transaction, id, now);
  const about = { actor: approvedBy, subject: `${id} ${version}` };
  const details = { submissionId, sha256: subject.sha256, author: authorKeyId };
  await appendDecision(transaction, registry.key, { ...about, action: 'submission.approved', details }, now);
  await appendDecision(transaction, registry.key, { ...about, action: 'version.published', details }, now);
  return true;
}

async function insertVersion(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  { name, cooldownSeconds }: Approver,
  now: Date,
): Promise<void> {
  const { manifest, sha256, moduleSha256 } = subject;
  const { authorKeyId, authorEnvelope } = await findSubmission(transaction, submissionId);
  const approval = signStatement(
    'approval',
    {
      id: manifest.id,
      version: manifest.version,
      sha256,
      moduleSha256,
      author: authorKeyId,
      approvedAt: now.toISOString(),
      approvedBy: name,
      ...(cooldownSeconds === undefined ? {} : { cooldownSeconds }),
    },
    registry.key,
  );
  await transaction
    .insertInto('registry_versions')
    .values({
      plugin_id: manifest.id,
      version: manifest.version,
      submission_id: submissionId,
      package_sha256: sha256,
      content_digest: subject.contentDigest,
      module_sha256: moduleSha256,
      packed_bytes: subject.packedBytes,
      manifest: JSON.stringify(manifest),
      imports: JSON.stringify(importModules(subject.module)),
      readme: subject.readme,
      changelog: subject.changelog,
      icon: subject.icon,
      author_envelope: JSON.stringify(authorEnvelope),
      registry_envelope: JSON.stringify(approval),
      published_at: now,
      rechecked_rules: CHECKS_REVISION,
      compiler_sha256: await compilerIdentity(),
    })
    .execute();
}

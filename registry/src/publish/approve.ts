import { importModules } from '@patchbay/plugin-sdk/checks/module-checks';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import type { Transaction } from 'kysely';
import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
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
  await approve(registry, submissionId, subject, `policy:${publisher.policy}`);
}

export type ReviewOutcome =
  { ok: true } | { ok: false; code: 'NOT_FOUND' | 'CONFLICT' | 'PACKAGE_TAMPERED'; message: string };

/** A reviewer approves; the version is published at once. */
export async function approveSubmission(
  registry: Registry,
  submissionId: string,
  reviewer: string,
): Promise<ReviewOutcome> {
  const row = await registry.db
    .selectFrom('registry_submissions')
    .select('package_sha256')
    .where('submission_id', '=', submissionId)
    .executeTakeFirst();
  if (row === undefined) return { ok: false, code: 'NOT_FOUND', message: 'There is no such submission.' };
  const bytes = await registry.blobs.get(row.package_sha256);
  const read = bytes === undefined ? undefined : await readPackage(bytes);
  if (read?.ok !== true) return { ok: false, code: 'PACKAGE_TAMPERED', message: 'The stored package cannot be read.' };
  if (await approve(registry, submissionId, read.package, reviewer)) return { ok: true };
  return {
    ok: false,
    code: 'CONFLICT',
    message: 'Only a submission that passed its checks and is in review can be approved.',
  };
}

/** A reviewer rejects, with a reason that the author sees. */
export async function rejectSubmission(
  registry: Registry,
  submissionId: string,
  reviewer: string,
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
    if (!(await changeState(transaction, submissionId, 'rejected', now, reason)))
      return { ok: false, code: 'CONFLICT', message: 'This submission can no longer be rejected.' };
    const subject = `${row.plugin_id} ${row.version}`;
    const decision = { actor: reviewer, action: 'submission.rejected', subject } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { submissionId, reason } }, now);
    return { ok: true };
  });
}

/** Approval, countersignature and publication are one transaction: there is never one without the others. */
async function approve(
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  approvedBy: string,
): Promise<boolean> {
  const now = registry.now();
  const { id, version } = subject.manifest;
  return registry.db.transaction().execute(async (transaction) => {
    if (!(await changeState(transaction, submissionId, 'approved', now))) return false;
    if (!(await changeState(transaction, submissionId, 'published', now))) throw new Error('The passes are not there.');
    const { packageSha256, authorKeyId } = await findSubmission(transaction, submissionId);
    if (packageSha256 !== subject.sha256) throw new Error('The package is not the one that was submitted.');
    await insertVersion(transaction, registry, submissionId, subject, approvedBy, now);
    await updateCatalogue(transaction, id, now);
    const about = { actor: approvedBy, subject: `${id} ${version}` };
    const details = { submissionId, sha256: subject.sha256, author: authorKeyId };
    await appendDecision(transaction, registry.key, { ...about, action: 'submission.approved', details }, now);
    await appendDecision(transaction, registry.key, { ...about, action: 'version.published', details }, now);
    return true;
  });
}

async function insertVersion(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  submissionId: string,
  subject: PluginPackage,
  approvedBy: string,
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
      approvedBy,
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
    })
    .execute();
}

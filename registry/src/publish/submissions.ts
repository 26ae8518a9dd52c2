import type { Kysely } from 'kysely';
import { requiredChecks, type CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import type { SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import type { Registry } from '../registry.ts';
import { isDuplicate } from '../store/is-duplicate.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

export interface Submission {
  submissionId: string;
}

/**
 * Enters a package as the submission of its version. The same bytes find the submission that is there.
 *
 * @returns undefined when another package has this version
 */
export async function submit(
  registry: Registry,
  { manifest, sha256, contentDigest }: PluginPackage,
  envelope: Envelope,
  authorKeyId: string,
  submittedBy: string,
): Promise<Submission | undefined> {
  const submissionId = newId('submission');
  const now = registry.now();
  try {
    await registry.db
      .insertInto('registry_submissions')
      .values({
        submission_id: submissionId,
        plugin_id: manifest.id,
        version: manifest.version,
        package_sha256: sha256,
        content_digest: contentDigest,
        state: 'uploaded',
        author_key_id: authorKeyId,
        author_envelope: JSON.stringify(envelope),
        submitted_by: submittedBy,
        submitted_at: now,
        state_since: now,
      })
      .execute();
    return { submissionId };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const present = await registry.db
    .selectFrom('registry_submissions')
    .select(['submission_id', 'package_sha256'])
    .where('plugin_id', '=', manifest.id)
    .where('version', '=', manifest.version)
    .where('state', 'not in', ['rejected', 'changes_requested'])
    .executeTakeFirst();
  return present?.package_sha256 === sha256 ? { submissionId: present.submission_id } : undefined;
}

export interface SubmissionDetail {
  plugin: string;
  version: string;
  packageSha256: string;
  state: SubmissionState;
  reason: string | null;
  submittedBy: string;
  submittedAt: Date;
  stateSince: Date;
  authorKeyId: string;
  authorEnvelope: Envelope;
  /** In the order of `requiredChecks`. */
  checks: StoredCheck[];
}

export interface StoredCheck extends CheckResult {
  checkedAt: Date;
}

export async function findSubmission(db: Kysely<RegistryTables>, submissionId: string): Promise<SubmissionDetail> {
  const row = await db
    .selectFrom('registry_submissions')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .executeTakeFirstOrThrow();
  return {
    plugin: row.plugin_id,
    version: row.version,
    packageSha256: row.package_sha256,
    state: row.state,
    reason: row.reason,
    submittedBy: row.submitted_by,
    submittedAt: row.submitted_at,
    stateSince: row.state_since,
    authorKeyId: row.author_key_id,
    authorEnvelope: row.author_envelope,
    checks: await findChecks(db, submissionId),
  };
}

export async function findChecks(db: Kysely<RegistryTables>, submissionId: string): Promise<StoredCheck[]> {
  const rows = await db
    .selectFrom('registry_checks')
    .select(['name', 'outcome', 'summary', 'findings', 'checked_at as checkedAt'])
    .where('submission_id', '=', submissionId)
    .execute();
  return rows.sort((a, b) => requiredChecks.indexOf(a.name) - requiredChecks.indexOf(b.name));
}

/**
 * Stores what the checks found, in place of what earlier attempts found, while the submission is being checked.
 *
 * @param claim of the process that made them; another one's results are dropped
 * @returns whether they were stored
 */
export async function storeChecks(
  registry: Registry,
  submissionId: string,
  packageSha256: string,
  results: CheckResult[],
  claim: string,
): Promise<boolean> {
  return registry.db.transaction().execute(async (transaction) => {
    const open = await transaction
      .selectFrom('registry_submissions')
      .select('submission_id')
      .where('submission_id', '=', submissionId)
      .where('state', '=', 'checking')
      .where('check_claim', '=', claim)
      .forUpdate()
      .executeTakeFirst();
    if (open === undefined) return false;
    await transaction
      .insertInto('registry_checks')
      .values(
        results.map(({ name, outcome, summary, findings }) => ({
          submission_id: submissionId,
          name,
          package_sha256: packageSha256,
          outcome,
          summary,
          findings: JSON.stringify(findings),
          checked_at: registry.now(),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['submission_id', 'name']).doUpdateSet((eb) => ({
          package_sha256: eb.ref('excluded.package_sha256'),
          outcome: eb.ref('excluded.outcome'),
          summary: eb.ref('excluded.summary'),
          findings: eb.ref('excluded.findings'),
          checked_at: eb.ref('excluded.checked_at'),
        })),
      )
      .execute();
    return true;
  });
}

import { sql, type Kysely } from 'kysely';
import { requiredChecks, type CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import type { SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

export interface Submission {
  submissionId: string;
}

/** `taken`: another package has this version. `full`: too many of this publisher wait. */
export type Submitted = ({ ok: true } & Submission) | { ok: false; why: 'taken' | 'full' };

/** So many of one publisher may wait: a flood of one does not keep reviewers from the others. */
export const OPEN_MAX = 100;

/**
 * Enters a package as the submission of its version. The same bytes find the submission that is there, however many
 * wait. The bytes are stored before the submission can be seen, and only of one that is taken.
 *
 * @param by who submits; a policy may have any number waiting
 */
export async function submit(
  registry: Registry,
  { manifest, sha256, contentDigest }: PluginPackage,
  bytes: Uint8Array,
  envelope: Envelope,
  authorKeyId: string,
  by: { name: string; policy?: string },
): Promise<Submitted> {
  const present = async (db: Kysely<RegistryTables>): Promise<Submitted | undefined> => {
    const row = await db
      .selectFrom('registry_submissions')
      .select(['submission_id', 'package_sha256'])
      .where('plugin_id', '=', manifest.id)
      .where('version', '=', manifest.version)
      .where('state', 'not in', ['rejected', 'changes_requested'])
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return row.package_sha256 === sha256 ? { ok: true, submissionId: row.submission_id } : { ok: false, why: 'taken' };
  };
  return registry.db.transaction().execute(async (transaction): Promise<Submitted> => {
    const known = await present(transaction);
    if (known !== undefined) return known;
    if (by.policy === undefined && (await countOpen(transaction, by.name)) >= OPEN_MAX)
      return { ok: false, why: 'full' };
    const submissionId = newId('submission');
    const now = registry.now();
    const { numInsertedOrUpdatedRows } = await transaction
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
        submitted_by: by.name,
        submitted_at: now,
        state_since: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    // Another upload of this version may have come first.
    if (numInsertedOrUpdatedRows !== 1n) return (await present(transaction)) ?? { ok: false, why: 'taken' };
    await registry.blobs.put(sha256, bytes);
    return { ok: true, submissionId };
  });
}

/** Uploads of one publisher at once are counted one after the other. Index registry_submissions_by_author. */
async function countOpen(transaction: Kysely<RegistryTables>, publisher: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(${OPEN_LOCK}, hashtext(${publisher}))`.execute(transaction);
  const row = await transaction
    .selectFrom('registry_submissions')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where('submitted_by', '=', publisher)
    .where('state', 'in', ['uploaded', 'checking', 'in_review', 'quarantined'])
    .executeTakeFirstOrThrow();
  return row.open;
}

/** Any number that no other lock of two parts has. */
const OPEN_LOCK = 7_305_101;

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

import { sql, type Kysely, type Transaction } from 'kysely';
import { reviewLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { RegistryTables } from '../store/registry-tables.ts';

/** Any number that no other lock of two parts has. */
const REVIEWER_LOCK = 7_305_102;

/**
 * Keeps other hard revocations by the same reviewer waiting until the transaction ends, so that two at once do not both
 * count without the other. Taken after the locks on versions, by everybody.
 */
export async function lockReviewer(transaction: Transaction<RegistryTables>, reviewer: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${REVIEWER_LOCK}, hashtext(${reviewer}))`.execute(transaction);
}

/**
 * How many installations a reviewer has stopped by hard revocations that nobody else confirmed, within the time that
 * counts. Index registry_versions_stopped_alone.
 */
export async function stoppedAlone(db: Kysely<RegistryTables>, reviewer: string, now: Date): Promise<number> {
  const { installs } = await db
    .selectFrom('registry_versions')
    .select(sql<number>`coalesce(sum(stopped_alone), 0)::integer`.as('installs'))
    .where('revoked_by', '=', reviewer)
    .where('stopped_alone', 'is not', null)
    .where('revoked_at', '>', new Date(now.getTime() - reviewLimits.loneRevocationMs))
    .executeTakeFirstOrThrow();
  return installs;
}

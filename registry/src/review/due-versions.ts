import { CHECKS_REVISION } from '@patchbay/plugin-sdk/checks/check-result';
import { recheckLimits } from '@patchbay/plugin-sdk/contract/limits';
import { sql, type Kysely } from 'kysely';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface DueVersion {
  plugin: string;
  version: string;
  packageSha256: string;
  compilerSha256: string | null;
}

/**
 * Claims the version whose turn it is to be checked again, for one process: until `recheck_after` nobody else takes it up,
 * and whoever has not completed it by then has died or could not carry out a check. Due is, first of all, what was checked
 * by other rules; then what was not completed, and what has not been checked since its time of the day. Its name decides
 * which time that is, so that the work of a day is spread over the day however much was published or checked at once.
 *
 * The revision is written now and not at the end: what makes a version due meanwhile makes it due once more.
 */
export async function claimDueVersion({ db, now }: Registry): Promise<DueVersion | undefined> {
  const time = now();
  const { rows } = await sql<DueVersion>`
    update registry_versions v
    set rechecked_rules = ${CHECKS_REVISION},
        recheck_attempts = recheck_attempts + 1,
        recheck_after = ${time}::timestamptz + interval '1 millisecond'
          * least(${recheckLimits.retryMs} * power(2, least(recheck_attempts, 16)), ${recheckLimits.retryMaxMs})
    where (plugin_id, version) = (
      select plugin_id, version
      from registry_versions d
      where d.revoked_at is null
        and d.held_at is null
        and (d.recheck_after is null or d.recheck_after < ${time})
        and (d.rechecked_rules is distinct from ${CHECKS_REVISION}
          or d.recheck_attempts > 0
          or coalesce(d.rechecked_at, d.published_at) < date_bin('1 day', ${time}::timestamptz,
               timestamptz 'epoch' + interval '1 second'
                 * ((hashtext(d.plugin_id || ' ' || d.version)::bigint + 2147483648) % 86400)))
      order by d.rechecked_rules is distinct from ${CHECKS_REVISION} desc, d.rechecked_at nulls first, d.plugin_id
      limit 1
      for update skip locked)
    returning plugin_id as plugin, version, package_sha256 as "packageSha256", compiler_sha256 as "compilerSha256"`.execute(
    db,
  );
  return rows[0];
}

/** What is published is checked again in the next rounds, not when its time of the day comes. */
export async function checkAllSoon(db: Kysely<RegistryTables>): Promise<void> {
  await db.updateTable('registry_versions').set({ rechecked_rules: null, recheck_after: null }).execute();
}

/** So many are checked in one round: twice what it takes for each to have its turn once a day. */
export async function versionsOfRound({ db }: Registry): Promise<number> {
  const { live } = await db
    .selectFrom('registry_versions')
    .select((eb) => eb.fn.countAll<number>().as('live'))
    .where('revoked_at', 'is', null)
    .where('held_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Math.max(recheckLimits.perRound, Math.ceil((2 * live * recheckLimits.everyMs) / DAY_MS));
}

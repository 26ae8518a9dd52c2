import { sql, type Transaction } from 'kysely';
import type { RegistryTables } from '../store/registry-tables.ts';

/**
 * The life of a second sign-off. Asked for in the transaction that revokes its versions softly; they stay so whatever
 * becomes of it.
 *
 *   waiting -> confirmed   a reviewer or admin of the registry who did not ask; its versions are revoked hard in the same
 *                          transaction
 *   waiting -> withdrawn   who asked, or a reviewer whose plugin it is not; nothing else changes
 *   waiting -> overtaken   another order has revoked every version of it hard
 *
 * What has ended stays as it ended. Who wants the same again asks again.
 */
export type SignOffState = 'waiting' | 'confirmed' | 'withdrawn' | 'overtaken';

interface Ending {
  state: Exclude<SignOffState, 'waiting'>;
  by: string;
  reason: string | null;
}

/**
 * Ends a sign-off, if it waits.
 *
 * @returns whether it was this call that ended it
 */
export async function endSignOff(
  transaction: Transaction<RegistryTables>,
  id: string,
  { state, by, reason }: Ending,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('registry_sign_offs')
    .set({ state, ended_by: by, ended_at: now, end_reason: reason })
    .where('sign_off_id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Ends those sign-offs of a plugin that have nothing left to revoke.
 *
 * @returns their ids
 */
export async function endOvertaken(
  transaction: Transaction<RegistryTables>,
  plugin: string,
  by: string,
  now: Date,
): Promise<string[]> {
  const rows = await transaction
    .updateTable('registry_sign_offs as s')
    .set({ state: 'overtaken', ended_by: by, ended_at: now })
    .where('s.plugin_id', '=', plugin)
    .where('s.state', '=', 'waiting')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('registry_versions as v')
            .select('v.version')
            .whereRef('v.plugin_id', '=', 's.plugin_id')
            .where(sql<boolean>`v.version in (select jsonb_array_elements_text(s.versions))`)
            .where(sql<boolean>`v.revocation_kind is distinct from 'hard'`),
        ),
      ),
    )
    .returning('s.sign_off_id')
    .execute();
  return rows.map(({ sign_off_id }) => sign_off_id);
}

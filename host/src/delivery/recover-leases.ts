import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/**
 * Gives back deliveries whose worker was lost: their lease ended without an end. What was sent stands in the journal,
 * so the next worker goes on from there. Uses deliveries_leased.
 *
 * @param which `lost`: those whose lease ended; `all`: every one, for a worker that begins and knows that there is no
 *   other, so that nothing waits for the lease of a host that was killed
 * @returns the groups concerned
 */
export async function recoverLeases(db: Kysely<Database>, which: 'lost' | 'all'): Promise<GroupId[]> {
  const { rows } = await sql<{ group_id: GroupId }>`
    with lost as (
      update deliveries
      set state = case when attempts >= max_attempts then 'dead' else 'retrying' end,
          finished_at = case when attempts >= max_attempts then now() else null end,
          claim_id = null, lease_until = null, due_at = now(),
          code = 'SANDBOX_UNAVAILABLE', message = 'The worker that carried out this attempt was lost'
      where state = 'running' and (${which === 'all'} or lease_until < now())
      returning group_id, delivery_id, destination_id, attempts
    ), closed as (
      update attempts a set outcome = 'abandoned', finished_at = now()
      from lost where a.group_id = lost.group_id and a.delivery_id = lost.delivery_id and a.number = lost.attempts
    ), woken as (
      update destinations d set next_due_at = now()
      from (select distinct group_id, destination_id from lost) l
      where d.group_id = l.group_id and d.destination_id = l.destination_id
    )
    select distinct group_id from lost
  `.execute(db);
  return rows.map((row) => row.group_id);
}

import type { DeliveryId, DestinationId, GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import { forgetJournal } from './journal-store.ts';
import { withdrawAnswers } from './withdraw-answers.ts';

export type ReplayResult = { ok: true } | { ok: false; reason: 'not-found' | 'under-way' };

/**
 * Puts a finished delivery back into the queue.
 *
 *   resume        keeps the journal: what was done stays done, what failed in the last round is asked for again
 *   from-nothing  forgets the journal: every side effect is repeated
 *
 * A delivery that still waits for its next attempt is made due at once.
 *
 * @param destinationId found only if it is a delivery of this one
 */
export async function replayDelivery(
  db: Kysely<Database>,
  groupId: GroupId,
  deliveryId: DeliveryId,
  mode: 'resume' | 'from-nothing',
  destinationId?: DestinationId,
): Promise<ReplayResult> {
  return transact(db, async (trx) => {
    const row = await trx
      .selectFrom('deliveries')
      .select(['state', 'destination_id'])
      .where('group_id', '=', groupId)
      .where('delivery_id', '=', deliveryId)
      .$if(destinationId !== undefined, (query) => query.where('destination_id', '=', destinationId as DestinationId))
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return { ok: false, reason: 'not-found' };
    if (row.state === 'running') return { ok: false, reason: 'under-way' };
    const live = row.state === 'queued' || row.state === 'retrying' || row.state === 'waiting';
    if (mode === 'from-nothing') await forgetJournal(trx, { groupId, deliveryId });
    else if (!live) await withdrawAnswers(trx, { groupId, deliveryId }, { by: 'resumed' });
    await sql`
      update deliveries
      set state = case when state = 'waiting' and ${mode === 'resume'}::boolean then 'waiting' else 'queued' end, due_at = now(), finished_at = null,
          max_attempts = case when ${live && mode === 'resume'}::boolean then max_attempts
                              else attempts + (select max_attempts from destinations d
                                               where d.group_id = deliveries.group_id
                                                 and d.destination_id = deliveries.destination_id) end
      where group_id = ${groupId} and delivery_id = ${deliveryId}
    `.execute(trx);
    await sql`
      update destinations set next_due_at = now()
      where group_id = ${groupId} and destination_id = ${row.destination_id}
    `.execute(trx);
    return { ok: true };
  });
}

/** Takes a delivery that has not begun, or that waits, out of the queue for good. */
export async function cancelDelivery(db: Kysely<Database>, groupId: GroupId, deliveryId: DeliveryId): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update deliveries set state = 'cancelled', finished_at = now(), message = 'Cancelled by hand'
    where group_id = ${groupId} and delivery_id = ${deliveryId} and state in ('queued', 'retrying', 'waiting')
  `.execute(db);
  return numAffectedRows > 0n;
}

import { apiLimits, healthLimits, retentionLimits } from '@patchbay/plugin-sdk/contract/limits';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface Pruned {
  requests: number;
  seenDeliveries: number;
  events: number;
  deliveries: number;
  integrationHours: number;
  idempotencyKeys: number;
}

/**
 * Removes what has outlived its time, in batches of their own transactions, so that nothing waits for long. What is
 * under way stays however old it is: requests that wait, events of incidents that are not resolved, deliveries that
 * are not finished, counts of hours from which is learned what is usual. Incidents stay; they are the record of what
 * happened.
 *
 * Rows arrive in the order of their age, so block range indexes find the old ones: requests_by_age, events_by_age,
 * deliveries_by_age, seen_deliveries_by_age, integration_hours_by_age. Several hosts may prune at once; each takes what
 * the others have not locked.
 *
 * @param before what was received, or finished, earlier than this
 * @param stopped asked between batches
 */
export async function prune(db: Kysely<Database>, before: Date, stopped: () => boolean): Promise<Pruned> {
  const hoursBefore = new Date(Math.min(before.getTime(), Date.now() - healthLimits.keepHoursMs));
  const keysBefore = new Date(Date.now() - apiLimits.idempotencyKeepMs);
  return {
    requests: await remove(
      db,
      sql`delete from requests where ctid = any(array(
        select ctid from requests where received_at < ${before} and state <> 'pending'
        limit ${retentionLimits.rowsAtOnce} for update skip locked))`,
      stopped,
    ),
    seenDeliveries: await remove(
      db,
      sql`delete from seen_deliveries where ctid = any(array(
        select ctid from seen_deliveries where seen_at < ${before}
        limit ${retentionLimits.rowsAtOnce} for update skip locked))`,
      stopped,
    ),
    events: await remove(
      db,
      sql`delete from events where ctid = any(array(
        select e.ctid from events e where e.received_at < ${before} and not exists (
          select 1 from incidents i
          where i.group_id = e.group_id and i.incident_id = e.incident_id and i.status <> 'resolved')
        limit ${retentionLimits.rowsAtOnce} for update of e skip locked))`,
      stopped,
    ),
    deliveries: await remove(
      db,
      sql`delete from deliveries where ctid = any(array(
        select ctid from deliveries where created_at < ${before} and finished_at < ${before}
        limit ${retentionLimits.rowsAtOnce} for update skip locked))`,
      stopped,
    ),
    integrationHours: await remove(
      db,
      sql`delete from integration_hours where ctid = any(array(
        select ctid from integration_hours where hour < ${hoursBefore}
        limit ${retentionLimits.rowsAtOnce} for update skip locked))`,
      stopped,
    ),
    idempotencyKeys: await remove(
      db,
      sql`delete from idempotency_keys where ctid = any(array(
        select ctid from idempotency_keys where created_at < ${keysBefore}
        limit ${retentionLimits.rowsAtOnce} for update skip locked))`,
      stopped,
    ),
  };
}

async function remove(db: Kysely<Database>, batch: RawBuilder<unknown>, stopped: () => boolean): Promise<number> {
  for (let removed = 0; ;) {
    if (stopped()) return removed;
    const { numAffectedRows = 0n } = await batch.execute(db);
    removed += Number(numAffectedRows);
    if (numAffectedRows < retentionLimits.rowsAtOnce) return removed;
  }
}

import { newId, type DestinationId, type GroupId, type IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import { sql, type Kysely } from 'kysely';
import type { ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import type { Procedure } from '../store/procedure.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';

const CHANGES_PER_ROUND = 500;
/** One dispatcher at a time over all hosts: deliveries of an incident keep the order of its changes. */
const DISPATCH_LOCK = 7_204_001;

interface Match {
  group_id: GroupId;
  change_id: string;
  change_type: ChangeType;
  incident_id: IncidentId;
  destination_id: DestinationId;
  max_attempts: number;
}

export interface Dispatched {
  /** How many changes were taken. */
  readonly changes: number;
  /** Whether there may be more. */
  readonly more: boolean;
  /** Those that got deliveries. */
  readonly groups: readonly GroupId[];
}

const NOTHING: Dispatched = { changes: 0, more: false, groups: [] };

/** Gives recorded changes to the destinations whose filter they match: one delivery for each pair, exactly once. */
export async function dispatchOutbox(db: Kysely<Database>): Promise<Dispatched> {
  const waiting = await sql<{ some: boolean }>`select exists (select 1 from outbox) as some`.execute(db);
  if (waiting.rows[0]?.some !== true) return NOTHING;
  return transact(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(${DISPATCH_LOCK})`.execute(trx);
    const taken = await sql<{ group_id: GroupId; change_id: string }>`
      select group_id, change_id from outbox order by seq limit ${CHANGES_PER_ROUND} for update
    `.execute(trx);
    if (taken.rows.length === 0) return NOTHING;
    const ids = JSON.stringify(taken.rows);
    const matches = await matchDestinations(trx, ids);
    if (matches.length > 0) await insertDeliveries(trx, matches);
    await sql`
      delete from outbox o using jsonb_to_recordset(${ids}::jsonb) as t(group_id text, change_id text)
      where o.group_id = t.group_id and o.change_id = t.change_id
    `.execute(trx);
    const changes = taken.rows.length;
    return {
      changes,
      more: changes === CHANGES_PER_ROUND,
      groups: [...new Set(matches.map((match) => match.group_id))],
    };
  });
}

export const dispatchProcedure: Procedure<[], Dispatched> = { name: 'dispatch', run: dispatchOutbox };

/**
 * An empty list in a filter means: all. A change stays in its environment, so that what is staged acts with no secret
 * of production; and what a connector emitted does not go back to it.
 */
async function matchDestinations(trx: Kysely<Database>, ids: string): Promise<Match[]> {
  const { rows } = await sql<Match>`
    select o.group_id, o.change_id, o.change_type, o.incident_id, d.destination_id, d.max_attempts
    from jsonb_to_recordset(${ids}::jsonb) as t(group_id text, change_id text)
    join outbox o on o.group_id = t.group_id and o.change_id = t.change_id
    join destinations d on d.group_id = o.group_id
    where d.removed_at is null and d.state <> 'disabled' and d.environment = o.environment
      and (o.emitted_by is null or d.installation_id is distinct from o.emitted_by)
      and (d.filter->'changeTypes' = '[]' or d.filter->'changeTypes' ? o.change_type)
      and (d.filter->'severities' = '[]' or d.filter->'severities' ? o.severity)
      and (d.filter->'serviceIds' = '[]' or d.filter->'serviceIds' ? o.service_id)
      and (d.filter->'integrationTypes' = '[]' or d.filter->'integrationTypes' ? o.integration_type)
    order by o.seq, d.destination_id
  `.execute(trx);
  return rows;
}

async function insertDeliveries(trx: Kysely<Database>, matches: Match[]): Promise<void> {
  const rows = JSON.stringify(
    matches.map((match, position) => ({ ...match, position, delivery_id: newId('delivery') })),
  );
  await sql`
    insert into deliveries (group_id, delivery_id, destination_id, incident_id, change_id, change_type, change,
                            state, max_attempts, due_at, created_at, emit_depth)
    select m.group_id, m.delivery_id, m.destination_id, o.incident_id, o.change_id, o.change_type, o.change,
           'queued', m.max_attempts, now(), o.occurred_at, o.emit_depth
    from jsonb_to_recordset(${rows}::jsonb)
      as m(position int, group_id text, change_id text, destination_id text, delivery_id text, max_attempts int)
    join outbox o on o.group_id = m.group_id and o.change_id = m.change_id
    order by m.position
    on conflict (group_id, destination_id, change_id) do nothing
  `.execute(trx);
  await sql`
    update destinations d set next_due_at = now()
    from (select distinct m.group_id, m.destination_id
          from jsonb_to_recordset(${rows}::jsonb) as m(group_id text, destination_id text)) m
    where d.group_id = m.group_id and d.destination_id = m.destination_id
  `.execute(trx);
}

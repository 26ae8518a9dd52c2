import { sql, type Transaction } from 'kysely';
import type { GroupId, IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';
import { keyOf } from './fold-batch.ts';
import type { FoldAction, IncidentState, KeyState, Recorded } from './fold.ts';
import type { KeyedEvent } from './keyed-event.ts';

type KeyColumns = Pick<Database['incident_keys'], 'group_id' | 'service_id' | 'type' | 'dedup_key'>;
interface KeyRow extends KeyColumns {
  last_order: number;
  resolved_order: number;
  acknowledged_order: number;
  last_incident_id: IncidentId | null;
}

type KeyName = Pick<KeyedEvent, 'groupId' | 'serviceId' | 'type' | 'dedupKey'>;

/**
 * Locks the keys until the transaction ends, makes those that are missing, and reads what they and their last
 * incidents are. Primary keys serve both statements.
 *
 * @returns by `keyOf`
 */
export async function lockKeys(trx: Transaction<Database>, keys: readonly KeyName[]): Promise<Map<string, KeyState>> {
  const names = keys.map((key) => ({
    group_id: key.groupId,
    service_id: key.serviceId,
    type: key.type,
    dedup_key: key.dedupKey,
  }));
  const { rows } = await sql<KeyRow>`
    insert into incident_keys (group_id, service_id, type, dedup_key)
    select group_id, service_id, type, dedup_key
    from json_to_recordset(${JSON.stringify(names)}::json) as x(group_id text, service_id text, type text, dedup_key text)
    order by group_id, service_id, type, dedup_key
    on conflict (group_id, service_id, type, dedup_key) do update set last_order = incident_keys.last_order
    returning group_id, service_id, type, dedup_key, last_order, resolved_order, acknowledged_order,
      last_incident_id`.execute(trx);
  const incidents = await readIncidents(trx, rows);
  return new Map(
    rows.map((row) => [
      keyOf({ groupId: row.group_id, serviceId: row.service_id, type: row.type, dedupKey: row.dedup_key }),
      {
        lastOrder: row.last_order,
        resolvedOrder: row.resolved_order,
        acknowledgedOrder: row.acknowledged_order,
        incident: row.last_incident_id === null ? null : (incidents.get(row.last_incident_id) ?? null),
      },
    ]),
  );
}

/** After the keys are locked: a statement of its own, so that it sees what the last holder of the lock committed. */
async function readIncidents(
  trx: Transaction<Database>,
  keys: readonly KeyRow[],
): Promise<Map<IncidentId, IncidentState>> {
  const wanted = keys
    .filter((key) => key.last_incident_id !== null)
    .map((key) => ({ group_id: key.group_id, incident_id: key.last_incident_id }));
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{
    group_id: GroupId;
    incident_id: IncidentId;
    number: number;
    status: IncidentState['status'];
    severity: IncidentState['severity'];
    summary: string;
    source: string;
    custom_details: Record<string, unknown>;
    links: { href: string; text?: string }[];
    opened_order: number;
    last_trigger_order: number;
    opened_at: Date;
    updated_at: Date;
    acknowledged_at: Date | null;
    resolved_at: Date | null;
    event_count: number;
    previous_incident_id: IncidentId | null;
  }>`
    select i.group_id, i.incident_id, i.number, i.status, i.severity, i.summary, i.source, i.custom_details, i.links,
      i.opened_order, i.last_trigger_order, i.opened_at, i.updated_at, i.acknowledged_at, i.resolved_at,
      i.event_count, i.previous_incident_id
    from json_to_recordset(${JSON.stringify(wanted)}::json) as x(group_id text, incident_id text)
    join incidents i on i.group_id = x.group_id and i.incident_id = x.incident_id`.execute(trx);
  return new Map(
    rows.map((row) => [
      row.incident_id,
      {
        id: row.incident_id,
        number: row.number,
        status: row.status,
        severity: row.severity,
        summary: row.summary,
        source: row.source,
        customDetails: row.custom_details,
        links: row.links,
        openedOrder: row.opened_order,
        lastTriggerOrder: row.last_trigger_order,
        openedAt: microseconds(row.opened_at),
        updatedAt: microseconds(row.updated_at),
        acknowledgedAt: row.acknowledged_at === null ? null : microseconds(row.acknowledged_at),
        resolvedAt: row.resolved_at === null ? null : microseconds(row.resolved_at),
        eventCount: row.event_count,
        previousIncidentId: row.previous_incident_id,
      },
    ]),
  );
}

/** The key's events since its last resolve; index events_by_key. */
export async function readRecorded(
  trx: Transaction<Database>,
  key: KeyName,
  state: Pick<KeyState, 'resolvedOrder'>,
): Promise<Recorded> {
  const rows = await trx
    .selectFrom('events')
    .select(['received_order as order', 'action'])
    .where('group_id', '=', key.groupId)
    .where('service_id', '=', key.serviceId)
    .where('type', '=', key.type)
    .where('dedup_key', '=', key.dedupKey)
    .where('received_order', '>=', state.resolvedOrder)
    .where('action', '<>', 'unacknowledge')
    .execute();
  return rows as { order: number; action: FoldAction }[];
}

function microseconds(time: Date): number {
  return time.getTime() * 1000;
}

import { sql, type Transaction } from 'kysely';
import type { GroupId, IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';
import { keyOf } from './fold-batch.ts';
import type { FoldAction, IncidentState, KeyState, Recorded } from './fold.ts';
import type { KeyedEvent } from './keyed-event.ts';

type KeyColumns = Pick<Database['incident_keys'], 'group_id' | 'service_id' | 'environment' | 'type' | 'dedup_key'>;
interface KeyRow extends KeyColumns {
  last_order: number;
  resolved_order: number;
  acknowledged_order: number;
  last_incident_id: IncidentId | null;
}

export type KeyName = Pick<KeyedEvent, 'groupId' | 'serviceId' | 'environment' | 'type' | 'dedupKey'>;

/**
 * Locks the keys that exist until the transaction ends and reads what they and their last incidents are. Primary keys
 * serve both statements, and by `lateral` they must: without statistics of its tables Postgres would rather read them
 * whole.
 *
 * @returns by `keyOf`; a key that is not there yet is made by `saveKeys`
 */
export async function lockKeys(trx: Transaction<Database>, keys: readonly KeyName[]): Promise<Map<string, KeyState>> {
  const names = inLockOrder(keys).map((key) => ({
    group_id: key.groupId,
    service_id: key.serviceId,
    environment: key.environment,
    type: key.type,
    dedup_key: key.dedupKey,
  }));
  const { rows } = await sql<KeyRow>`
    select k.group_id, k.service_id, k.environment, k.type, k.dedup_key, k.last_order, k.resolved_order,
      k.acknowledged_order, k.last_incident_id
    from json_to_recordset(${JSON.stringify(names)}::json)
      as x(group_id text, service_id text, environment text, type text, dedup_key text)
    cross join lateral (
      select * from incident_keys
      where group_id = x.group_id and service_id = x.service_id and environment = x.environment
        and type = x.type and dedup_key = x.dedup_key
      for update
    ) k`.execute(trx);
  const incidents = await readIncidents(trx, rows);
  return new Map(
    rows.map((row) => [
      keyOf({
        groupId: row.group_id,
        serviceId: row.service_id,
        environment: row.environment,
        type: row.type,
        dedupKey: row.dedup_key,
      }),
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
    cross join lateral (
      select * from incidents where group_id = x.group_id and incident_id = x.incident_id limit 1
    ) i`.execute(trx);
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

/** A key and what it has become. */
export interface SavedKey {
  readonly name: KeyName;
  /** True when it was not there when the keys were locked. */
  readonly isNew: boolean;
  readonly state: KeyState;
}

/**
 * Stores what keys have become, those that were locked and those that were not there. Before their incidents, so that
 * of two transactions that make the same key the second waits here.
 *
 * @throws an error that has the transaction repeated when another one has made one of them meanwhile
 */
export async function saveKeys(trx: Transaction<Database>, keys: readonly SavedKey[]): Promise<void> {
  const { rows } = await sql<{ made: boolean }>`
    insert into incident_keys as k (${KEY_COLUMNS})
    select ${KEY_COLUMNS}
    from json_to_recordset(${JSON.stringify(keys.map(keyRow))}::json) as x(${KEY_TYPES})
    on conflict (group_id, service_id, environment, type, dedup_key) do update set
      last_order = excluded.last_order, resolved_order = excluded.resolved_order,
      acknowledged_order = excluded.acknowledged_order, last_incident_id = excluded.last_incident_id
    returning (xmax = 0) as made`.execute(trx);
  const made = rows.filter((row) => row.made).length;
  if (made !== keys.filter((key) => key.isNew).length)
    throw Object.assign(new Error('A key was made by another transaction'), { code: SERIALIZATION_FAILURE });
}

/** The same everywhere, so that two transactions never wait for each other's keys. */
export function inLockOrder<K extends KeyName>(keys: readonly K[]): K[] {
  return keys
    .map((key) => ({ key, name: keyOf(key) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ key }) => key);
}

const SERIALIZATION_FAILURE = '40001';
const KEY_COLUMNS = sql.raw(`group_id, service_id, environment, type, dedup_key, last_order, resolved_order,
  acknowledged_order, last_incident_id`);
const KEY_TYPES = sql.raw(`group_id text, service_id text, environment text, type text, dedup_key text,
  last_order bigint, resolved_order bigint, acknowledged_order bigint, last_incident_id text`);

function keyRow({ name, state }: SavedKey) {
  return {
    group_id: name.groupId,
    service_id: name.serviceId,
    environment: name.environment,
    type: name.type,
    dedup_key: name.dedupKey,
    last_order: state.lastOrder,
    resolved_order: state.resolvedOrder,
    acknowledged_order: state.acknowledgedOrder,
    last_incident_id: state.incident?.id ?? null,
  };
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
    .where('environment', '=', key.environment)
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

import { sql, type Transaction } from 'kysely';
import { newId, type GroupId, type IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';
import { foldKey, groupByKey, keyOf, mayNeedRecorded, type FoldedEvent, type FoldedKey } from './fold-batch.ts';
import type { IncidentState } from './fold.ts';
import { incidentChange } from './incident-snapshot.ts';
import { timeOfOrder, type KeyedEvent } from './keyed-event.ts';
import { inLockOrder, lockKeys, readRecorded, saveKeys } from './incident-keys.ts';

export interface AppliedEvents {
  readonly events: readonly FoldedEvent[];
  /** How many changes of incidents there were. */
  readonly changes: number;
  /** How many of them went to the outbox, since somebody may want to hear of them. */
  readonly queued: number;
}

/**
 * Folds events into incidents and stores both, with the changes that subscribers hear of, in the caller's
 * transaction. Any number of events of any keys at once: the statements are set-based.
 *
 * Keys are locked first, in one order everywhere, then the counters of groups; so two batches never wait for each
 * other in a circle.
 */
export async function applyEvents(
  trx: Transaction<Database>,
  events: readonly KeyedEvent[],
  publicUrl: string,
): Promise<AppliedEvents> {
  if (events.length === 0) return { events: [], changes: 0, queued: 0 };
  const groups = groupByKey(events);
  const names = inLockOrder([...groups.values()].flatMap((group) => group.slice(0, 1)));
  const keys = await lockKeys(trx, names);
  const folded: FoldedKey[] = [];
  for (const first of names) {
    const name = keyOf(first);
    const group = groups.get(name) ?? [];
    const key = keys.get(name);
    const recorded = key !== undefined && mayNeedRecorded(key, group) ? await readRecorded(trx, first, key) : [];
    folded.push(foldKey(key, group, recorded));
  }
  await saveKeys(
    trx,
    folded.map(({ first, key }) => ({ name: first, state: key, isNew: !keys.has(keyOf(first)) })),
  );
  const numbers = await drawNumbers(trx, folded);
  await saveIncidents(trx, folded, numbers);
  const stored = folded.flatMap((key) => key.events);
  await insertEvents(trx, stored);
  const { changes, queued } = await insertChanges(trx, folded, numbers, publicUrl);
  return { events: stored, changes, queued };
}

/** Numbers for the incidents that open, consecutive within a group, in the order of their opening. */
async function drawNumbers(
  trx: Transaction<Database>,
  folded: readonly FoldedKey[],
): Promise<ReadonlyMap<IncidentId, number>> {
  const opened = folded.flatMap((key) => key.opened.map((incident) => ({ groupId: key.first.groupId, incident })));
  const numbers = new Map<IncidentId, number>();
  if (opened.length === 0) return numbers;
  opened.sort((a, b) => a.incident.openedOrder - b.incident.openedOrder);
  const counts = new Map<GroupId, number>();
  for (const { groupId } of opened) counts.set(groupId, (counts.get(groupId) ?? 0) + 1);
  const wanted = [...counts].map(([group_id, count]) => ({ group_id, count }));
  const { rows } = await sql<{ group_id: GroupId; first: number }>`
    with locked as (
      select g.group_id, w.count
      from json_to_recordset(${JSON.stringify(wanted)}::json) as w(group_id text, count bigint)
      join groups g on g.group_id = w.group_id
      order by g.group_id
      for update of g
    )
    update groups g set next_incident_number = g.next_incident_number + locked.count
    from locked where g.group_id = locked.group_id
    returning g.group_id, g.next_incident_number - locked.count as first`.execute(trx);
  const next = new Map(rows.map((row) => [row.group_id, row.first]));
  for (const { groupId, incident } of opened) {
    const number = next.get(groupId);
    if (number === undefined) throw new Error(`Group ${groupId} is gone`);
    numbers.set(incident.id, number);
    next.set(groupId, number + 1);
  }
  return numbers;
}

/** Those of before first: an incident that resolves makes room for the next one of its key. */
async function saveIncidents(
  trx: Transaction<Database>,
  folded: readonly FoldedKey[],
  numbers: ReadonlyMap<IncidentId, number>,
): Promise<void> {
  const rows = [
    ...folded.flatMap(({ first, updated }) => updated.map((incident) => incidentRow(first, incident, incident.number))),
    ...folded.flatMap(({ first, opened }) =>
      opened.map((incident) => incidentRow(first, incident, numbers.get(incident.id) ?? null)),
    ),
  ];
  if (rows.length === 0) return;
  await sql`
    insert into incidents (group_id, incident_id, number, service_id, environment, type, dedup_key, status, severity,
      summary, source, custom_details, links, opened_order, last_trigger_order, opened_at, updated_at, acknowledged_at,
      resolved_at, event_count, previous_incident_id)
    select group_id, incident_id, number, service_id, environment, type, dedup_key, status, severity, summary, source,
      custom_details::jsonb, links::jsonb, opened_order, last_trigger_order, opened_at, updated_at, acknowledged_at,
      resolved_at, event_count, previous_incident_id
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(group_id text, incident_id text, number bigint,
      service_id text, environment text, type text, dedup_key text, status text, severity text, summary text,
      source text, custom_details text, links text, opened_order bigint, last_trigger_order bigint, opened_at timestamptz,
      updated_at timestamptz, acknowledged_at timestamptz, resolved_at timestamptz, event_count integer,
      previous_incident_id text)
    on conflict (group_id, incident_id) do update set
      status = excluded.status, severity = excluded.severity, summary = excluded.summary, source = excluded.source,
      custom_details = excluded.custom_details, links = excluded.links, opened_order = excluded.opened_order,
      last_trigger_order = excluded.last_trigger_order, opened_at = excluded.opened_at,
      updated_at = excluded.updated_at, acknowledged_at = excluded.acknowledged_at,
      resolved_at = excluded.resolved_at, event_count = excluded.event_count`.execute(trx);
}

function incidentRow(home: KeyedEvent, incident: IncidentState, number: number | null) {
  return {
    group_id: home.groupId,
    incident_id: incident.id,
    number,
    service_id: home.serviceId,
    environment: home.environment,
    type: home.type,
    dedup_key: home.dedupKey,
    status: incident.status,
    severity: incident.severity,
    summary: incident.summary,
    source: incident.source,
    custom_details: JSON.stringify(incident.customDetails),
    links: JSON.stringify(incident.links),
    opened_order: incident.openedOrder,
    last_trigger_order: incident.lastTriggerOrder,
    opened_at: timeOfOrder(incident.openedAt),
    updated_at: timeOfOrder(incident.updatedAt),
    acknowledged_at: incident.acknowledgedAt === null ? null : timeOfOrder(incident.acknowledgedAt),
    resolved_at: incident.resolvedAt === null ? null : timeOfOrder(incident.resolvedAt),
    event_count: incident.eventCount,
    previous_incident_id: incident.previousIncidentId,
  };
}

async function insertEvents(trx: Transaction<Database>, events: readonly FoldedEvent[]): Promise<void> {
  const rows = events.map(({ event, effect, incidentId }) => ({
    group_id: event.groupId,
    event_id: event.id,
    received_order: event.order,
    ordinal: event.ordinal,
    received_at: timeOfOrder(event.order),
    request_id: event.requestId,
    integration_id: event.integrationId,
    service_id: event.serviceId,
    environment: event.environment,
    type: event.type,
    dedup_key: event.dedupKey,
    action: event.action,
    severity: event.severity,
    summary: event.summary,
    payload: event.payload,
    effect,
    incident_id: incidentId,
    actor: event.actor,
    note: event.note,
  }));
  await sql`
    insert into events (group_id, event_id, received_order, ordinal, received_at, request_id, integration_id,
      service_id, environment, type, dedup_key, action, severity, summary, payload, effect, incident_id, actor, note)
    select group_id, event_id, received_order, ordinal, received_at, request_id, integration_id, service_id,
      environment, type, dedup_key, action, severity, summary, payload::jsonb, effect, incident_id, actor, note
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(group_id text, event_id text, received_order bigint,
      ordinal integer, received_at timestamptz, request_id text, integration_id text, service_id text,
      environment text, type text, dedup_key text, action text, severity text, summary text, payload text, effect text,
      incident_id text, actor text, note text)`.execute(trx);
}

/**
 * In order of their causes, so that what happened first is given to subscribers first. Where nobody subscribes in the
 * group and environment nothing is recorded: a destination that comes later hears only of later changes. That is looked
 * up by the primary key of `destinations`.
 */
async function insertChanges(
  trx: Transaction<Database>,
  folded: readonly FoldedKey[],
  numbers: ReadonlyMap<IncidentId, number>,
  publicUrl: string,
): Promise<{ changes: number; queued: number }> {
  const changes = folded.flatMap((key) => key.changes);
  if (changes.length === 0) return { changes: 0, queued: 0 };
  changes.sort((a, b) => a.cause.order - b.cause.order);
  const rows = changes.map(({ type, incident, cause }, position) => {
    const number = incident.number ?? numbers.get(incident.id) ?? 0;
    const change = incidentChange(newId('change'), type, incident, number, cause, publicUrl);
    return {
      position,
      group_id: cause.groupId,
      change_id: change.id,
      change_type: type,
      incident_id: incident.id,
      service_id: cause.serviceId,
      environment: cause.environment,
      integration_type: cause.type,
      severity: incident.severity,
      occurred_at: change.occurredAt,
      change: JSON.stringify(change),
      emitted_by: cause.emitted?.by ?? null,
      emit_depth: cause.emitted?.depth ?? 0,
    };
  });
  const { numAffectedRows = 0n } = await sql`
    insert into outbox (group_id, change_id, change_type, incident_id, service_id, environment, integration_type,
      severity, occurred_at, change, emitted_by, emit_depth)
    select group_id, change_id, change_type, incident_id, service_id, environment, integration_type, severity,
      occurred_at, change::jsonb, emitted_by, emit_depth
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(position integer, group_id text, change_id text,
      change_type text, incident_id text, service_id text, environment text, integration_type text, severity text,
      occurred_at timestamptz, change text, emitted_by text, emit_depth integer)
    where exists (
      select 1 from destinations d
      where d.group_id = x.group_id and d.environment = x.environment and d.state <> 'disabled'
    )
    order by position`.execute(trx);
  return { changes: rows.length, queued: Number(numAffectedRows) };
}

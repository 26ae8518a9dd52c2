import type { Kysely } from 'kysely';
import type { GroupId, IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { TimelineEntry } from '@patchbay/plugin-sdk/contract/rest/incidents';
import type { Database } from '../store/schema.ts';

/** Entries of each kind that a page shows; of more, the newest. */
const MOST = 500;

/** What came in and what went out, oldest first; indexes events_by_incident, deliveries_by_incident. */
export async function readTimeline(
  db: Kysely<Database>,
  groupId: GroupId,
  incidentId: IncidentId,
): Promise<TimelineEntry[]> {
  const [events, deliveries] = await Promise.all([
    readEvents(db, groupId, incidentId),
    readDeliveries(db, groupId, incidentId),
  ]);
  return [...events, ...deliveries].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

async function readEvents(db: Kysely<Database>, groupId: GroupId, incidentId: IncidentId): Promise<TimelineEntry[]> {
  const rows = await db
    .selectFrom('events as e')
    .leftJoin('requests as r', (join) =>
      join.onRef('r.group_id', '=', 'e.group_id').onRef('r.request_id', '=', 'e.request_id'),
    )
    .select(['e.event_id', 'e.received_at', 'e.action', 'e.effect', 'e.severity', 'e.summary', 'e.request_id'])
    .select(['e.actor', 'e.note', 'r.plugin_id', 'r.plugin_version', 'r.duration_micros'])
    .where('e.group_id', '=', groupId)
    .where('e.incident_id', '=', incidentId)
    .orderBy('e.received_order', 'desc')
    .orderBy('e.ordinal', 'desc')
    .limit(MOST)
    .execute();
  return rows.reverse().map((row) => ({
    kind: 'event',
    id: row.event_id,
    at: row.received_at.toISOString(),
    action: row.action,
    effect: row.effect,
    severity: row.severity,
    summary: row.note ?? row.summary,
    requestId: row.request_id,
    actor: row.actor,
    plugin: row.plugin_id,
    pluginVersion: row.plugin_version,
    durationMs: row.duration_micros === null ? null : row.duration_micros / 1000,
  }));
}

async function readDeliveries(
  db: Kysely<Database>,
  groupId: GroupId,
  incidentId: IncidentId,
): Promise<TimelineEntry[]> {
  const rows = await db
    .selectFrom('deliveries as d')
    .innerJoin('destinations as t', (join) =>
      join.onRef('t.group_id', '=', 'd.group_id').onRef('t.destination_id', '=', 'd.destination_id'),
    )
    .select(['d.delivery_id', 'd.created_at', 'd.change_type', 'd.state', 'd.attempts', 'd.finished_at', 'd.message'])
    .select(['d.linked', 't.name', 't.kind'])
    .where('d.group_id', '=', groupId)
    .where('d.incident_id', '=', incidentId)
    .orderBy('d.seq', 'desc')
    .limit(MOST)
    .execute();
  return rows.reverse().map((row) => ({
    kind: 'delivery',
    id: row.delivery_id,
    at: row.created_at.toISOString(),
    destinationName: row.name,
    destinationKind: row.kind,
    changeType: row.change_type,
    state: row.state,
    attempts: row.attempts,
    finishedAt: row.finished_at?.toISOString() ?? null,
    message: row.message,
    linked: row.linked === null ? null : { key: row.linked.key, href: row.linked.href },
  }));
}

import { sql, type Kysely } from 'kysely';
import type { GroupId, IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { Incident, IncidentDetail, IncidentStatus } from '@patchbay/plugin-sdk/contract/rest/incidents';
import type { Database } from '../store/schema.ts';
import { readTimeline } from './timeline.ts';

export interface IncidentFilter {
  readonly statuses: readonly IncidentStatus[];
  readonly severities: readonly Severity[];
  readonly serviceId?: string | undefined;
  readonly integrationId?: string | undefined;
  readonly environment?: Environment | undefined;
  readonly type?: string | undefined;
  readonly dedupKey?: string | undefined;
  /** Part of summary, source or key, or `#number`. */
  readonly q?: string | undefined;
  /** Only incidents before this one in the list. */
  readonly before?: string | undefined;
}

/** Incidents newest first, without what they are linked to; indexes incidents_by_status, incidents_by_key. */
export function listIncidents(db: Kysely<Database>, groupId: GroupId, filter: IncidentFilter, limit: number) {
  const { statuses, severities, serviceId, integrationId, environment, type, dedupKey, q, before } = filter;
  return incidents(db, groupId)
    .$if(statuses.length > 0, (query) => query.where('i.status', 'in', statuses))
    .$if(severities.length > 0, (query) => query.where('i.severity', 'in', severities))
    .$if(serviceId !== undefined, (query) => query.where('i.service_id', '=', serviceId as never))
    .$if(environment !== undefined, (query) => query.where('i.environment', '=', environment as never))
    .$if(type !== undefined, (query) => query.where('i.type', '=', type as never))
    .$if(dedupKey !== undefined, (query) => query.where('i.dedup_key', '=', dedupKey as never))
    .$if(q !== undefined && q !== '', (query) => query.where(search(q ?? '')))
    .$if(before !== undefined, (query) => query.where('i.incident_id', '<', before as never))
    .$if(integrationId !== undefined, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('events as e')
            .select('e.event_id')
            .whereRef('e.group_id', '=', 'i.group_id')
            .whereRef('e.incident_id', '=', 'i.incident_id')
            .where('e.integration_id', '=', integrationId as never),
        ),
      ),
    )
    .orderBy('i.incident_id', 'desc')
    .limit(limit)
    .execute();
}

export type IncidentRow = Awaited<ReturnType<typeof listIncidents>>[number];

function incidents(db: Kysely<Database>, groupId: GroupId) {
  return db
    .selectFrom('incidents as i')
    .innerJoin('services as s', (join) =>
      join.onRef('s.group_id', '=', 'i.group_id').onRef('s.service_id', '=', 'i.service_id'),
    )
    .select(['i.incident_id', 'i.number', 'i.status', 'i.severity', 'i.summary', 'i.source', 'i.type', 'i.dedup_key'])
    .select(['i.service_id', 's.name as service_name', 'i.opened_at', 'i.updated_at', 'i.acknowledged_at'])
    .select(['i.resolved_at', 'i.event_count', 'i.environment'])
    .where('i.group_id', '=', groupId);
}

function search(text: string) {
  const number = /^#?(\d{1,9})$/.exec(text.trim())?.[1];
  const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const matches = sql<boolean>`(i.summary ilike ${pattern} or i.source ilike ${pattern} or i.dedup_key ilike ${pattern})`;
  return number === undefined ? matches : sql<boolean>`(i.number = ${Number(number)} or ${matches})`;
}

type Linked = Incident['linked'][number];

/** What outside stands for each incident: tickets, issues, threads. */
export async function readLinked(
  db: Kysely<Database>,
  groupId: GroupId,
  incidentIds: readonly IncidentId[],
): Promise<ReadonlyMap<IncidentId, Linked[]>> {
  const linked = new Map<IncidentId, Linked[]>();
  if (incidentIds.length === 0) return linked;
  const rows = await db
    .selectFrom('linked_objects')
    .select(['incident_id', 'key', 'href', 'title'])
    .where('group_id', '=', groupId)
    .where('incident_id', 'in', incidentIds)
    .orderBy('linked_at')
    .execute();
  for (const { incident_id, key, href, title } of rows)
    linked.set(incident_id, [...(linked.get(incident_id) ?? []), { key, href, title }]);
  return linked;
}

export function showIncident(row: IncidentRow, linked: readonly Linked[]): Incident {
  return {
    id: row.incident_id,
    number: row.number,
    status: row.status,
    severity: row.severity,
    summary: row.summary,
    source: row.source,
    environment: row.environment,
    type: row.type,
    dedupKey: row.dedup_key,
    serviceId: row.service_id,
    serviceName: row.service_name,
    openedAt: row.opened_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    eventCount: row.event_count,
    linked: [...linked],
  };
}

/** One incident with its timeline; undefined when the group has none of this id. */
export async function readIncident(
  db: Kysely<Database>,
  groupId: GroupId,
  incidentId: IncidentId,
): Promise<IncidentDetail | undefined> {
  const row = await incidents(db, groupId)
    .select(['i.previous_incident_id', 'i.links', 'i.custom_details'])
    .where('i.incident_id', '=', incidentId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const linked = await readLinked(db, groupId, [incidentId]);
  return {
    ...showIncident(row, linked.get(incidentId) ?? []),
    previousIncidentId: row.previous_incident_id,
    links: row.links,
    customDetails: row.custom_details,
    timeline: await readTimeline(db, groupId, incidentId),
  };
}

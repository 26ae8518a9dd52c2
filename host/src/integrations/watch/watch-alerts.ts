import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { GroupId, IncidentId, IntegrationId, ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Database } from '../../store/schema.ts';

/** The type of incidents that the host opens by itself: reserved, so that no sender reaches their keys. */
export const WATCH_TYPE = 'patchbay';

export type AlertKind = 'silent' | 'failing';

/** One incident at a time for each integration and kind. */
export function alertKey(kind: AlertKind, integrationId: IntegrationId): string {
  return `${kind}-${integrationId}`;
}

/**
 * Incidents of the watch that are not resolved, with whose they are; index incidents_one_unresolved.
 *
 * @param groupId null is every group, for what the host does by itself
 */
export function unresolvedAlerts(groupId: GroupId | null): RawBuilder<unknown> {
  return sql`
    select group_id, incident_id, service_id, environment, opened_at, split_part(dedup_key, '-', 1) as kind,
      split_part(dedup_key, '-', 2) as integration_id
    from incidents
    where type = ${WATCH_TYPE} and status <> 'resolved' and ${groupId === null ? sql`true` : sql`group_id = ${groupId}`}`;
}

/**
 * Integrations of every group that are watched: switched on like their plugin, and nobody has said otherwise. One whose
 * plugin is quarantined stays watched, since nobody has decided that its alerts shall stop.
 */
export const watchedIntegrations = sql`
  select i.group_id, i.integration_id, i.service_id, s.name as service_name, i.environment, i.name, i.type, i.watched_since
  from integrations i
  join services s on s.group_id = i.group_id and s.service_id = i.service_id
  join installations p on p.group_id = i.group_id and p.installation_id = i.installation_id
  where i.state = 'enabled' and i.watch and i.removed_at is null and p.removed_at is null and p.state <> 'disabled'`;

/** What the watch knows of an integration that it has to say something about. */
export interface WatchedRow {
  group_id: GroupId;
  integration_id: IntegrationId;
  service_id: ServiceId;
  service_name: string;
  environment: Environment;
  name: string;
  type: string;
  watched_since: Date;
}

/** An incident of the watch that is not resolved, and what may have ended it. */
export interface OpenAlert {
  group_id: GroupId;
  integration_id: IntegrationId;
  /** Of the incident: the integration may have moved. */
  service_id: ServiceId;
  service_name: string;
  environment: Environment;
  incident_id: IncidentId;
  kind: AlertKind;
  opened_at: Date;
  watched: boolean;
  /** When its sender was last heard since then. */
  last_at: Date | null;
}

/** Of every group. */
export async function readOpenAlerts(db: Kysely<Database>): Promise<OpenAlert[]> {
  const { rows } = await sql<OpenAlert>`
    select a.*, s.name as service_name, w.integration_id is not null as watched, l.last_at
    from (${unresolvedAlerts(null)}) a
    join services s on s.group_id = a.group_id and s.service_id = a.service_id
    left join (${watchedIntegrations}) w on w.group_id = a.group_id and w.integration_id = a.integration_id
    left join lateral (
      select max(h.last_at) as last_at from integration_hours h
      where h.group_id = a.group_id and h.integration_id = a.integration_id
        and h.hour >= date_trunc('hour', a.opened_at, 'UTC')
    ) l on true
    order by a.group_id, a.incident_id`.execute(db);
  return rows;
}

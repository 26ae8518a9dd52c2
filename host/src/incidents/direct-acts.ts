import { sql, type Transaction } from 'kysely';
import type { ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';
import type { KeyedEvent } from './keyed-event.ts';

interface Found {
  position: number;
  service_id: ServiceId;
  service_name: string;
  type: string;
  dedup_key: string;
}

/**
 * Gives the acts of people the key of the incident that they name, by its id or by its key: of several with one key in
 * a group and environment the newest that is not resolved, else the newest. What names no incident stays what it was and changes nothing.
 *
 * Reads by the primary key of incidents and by incidents_by_key; one statement for any number of acts, none without.
 */
export async function directActs(
  trx: Transaction<Database>,
  events: readonly KeyedEvent[],
): Promise<readonly KeyedEvent[]> {
  const named = events.flatMap((event, position) =>
    event.isAct === true
      ? [{ position, group_id: event.groupId, environment: event.environment, name: event.dedupKey }]
      : [],
  );
  if (named.length === 0) return events;
  const { rows } = await sql<Found>`
    select x.position, i.service_id, s.name as service_name, i.type, i.dedup_key
    from json_to_recordset(${JSON.stringify(named)}::json) as x(position integer, group_id text, environment text, name text)
    cross join lateral (
      select n.service_id, n.type, n.dedup_key
      from (
        select service_id, type, dedup_key, status, incident_id from incidents
        where group_id = x.group_id and environment = x.environment and incident_id = x.name
        union all
        select service_id, type, dedup_key, status, incident_id from incidents
        where group_id = x.group_id and environment = x.environment and dedup_key = x.name
      ) n
      order by n.status = 'resolved', n.incident_id desc
      limit 1
    ) i
    join services s on s.group_id = x.group_id and s.service_id = i.service_id`.execute(trx);
  const found = new Map(rows.map((row) => [row.position, row]));
  return events.map((event, position) => {
    const incident = found.get(position);
    if (incident === undefined) return event;
    const { service_id: serviceId, service_name: serviceName, type, dedup_key: dedupKey } = incident;
    return { ...event, serviceId, serviceName, type, dedupKey };
  });
}

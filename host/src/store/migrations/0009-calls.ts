import { sql, type Kysely } from 'kysely';

/**
 * What the journal has to know of an ask so that a retry takes back the right answers; what connectors emit; and the
 * environment of incidents: that of the integration whose events they are made of.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // The number of the first batch that was handed over after the ask was made; null in journals of before.
  `alter table journal_asks add column before_batch integer`,
  `alter table journal_asks add column repeatable boolean not null default false`,

  // Events that the call emitted are stored once, however often its end is replayed.
  `alter table deliveries add column emitted boolean not null default false`,
  // How many connectors stand between what a sender sent and this change.
  `alter table deliveries add column emit_depth integer not null default 0`,
  `alter table outbox add column emit_depth integer not null default 0`,
  `alter table outbox add column emitted_by text`,

  `alter table events add column environment text`,
  `update events e set environment = i.environment from integrations i
     where i.group_id = e.group_id and i.integration_id = e.integration_id`,
  `alter table incidents add column environment text`,
  `update incidents i set environment = coalesce(
     (select e.environment from events e
      where e.group_id = i.group_id and e.incident_id = i.incident_id and e.environment is not null
      order by e.received_order, e.ordinal limit 1), 'production')`,
  `alter table incidents alter column environment set not null`,
  `update events e set environment = coalesce(
     (select i.environment from incidents i where i.group_id = e.group_id and i.incident_id = e.incident_id), 'production')
     where e.environment is null`,
  `alter table events alter column environment set not null`,
  `alter table outbox add column environment text`,
  `update outbox o set environment = coalesce(
     (select i.environment from incidents i where i.group_id = o.group_id and i.incident_id = o.incident_id), 'production')`,
  `alter table outbox alter column environment set not null`,

  `alter table incident_keys add column environment text`,
  `update incident_keys k set environment = coalesce(
     (select i.environment from incidents i where i.group_id = k.group_id and i.incident_id = k.last_incident_id),
     (select e.environment from events e
      where e.group_id = k.group_id and e.service_id = k.service_id and e.type = k.type and e.dedup_key = k.dedup_key
      order by e.received_order desc limit 1), 'production')`,
  `alter table incident_keys drop constraint incident_keys_pkey`,
  `alter table incident_keys add primary key (group_id, service_id, environment, type, dedup_key)`,

  `drop index incidents_one_unresolved`,
  `create unique index incidents_one_unresolved
     on incidents (group_id, service_id, environment, type, dedup_key) where status <> 'resolved'`,
  `drop index events_by_key`,
  `create index events_by_key on events (group_id, service_id, environment, type, dedup_key, received_order, ordinal)`,
];

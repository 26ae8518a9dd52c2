import { sql, type Kysely } from 'kysely';

/**
 * What came in hour by hour, and who is turned away at the door apart from what senders with a key or a signature
 * post. What the request log still knows of the past is the beginning of the history; of refusals it has a sample.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table integration_hours (
      group_id text not null,
      integration_id text not null,
      hour timestamptz not null,
      received bigint not null default 0,
      accepted bigint not null default 0,
      invalid bigint not null default 0,
      refused bigint not null default 0,
      plugin_errors bigint not null default 0,
      turned_away bigint not null default 0,
      duration_micros bigint not null default 0,
      first_at timestamptz,
      last_at timestamptz,
      longest_gap_ms bigint not null default 0,
      primary key (group_id, integration_id, hour)
    )`.execute(db);
  await sql`create index integration_hours_by_age on integration_hours using brin (hour)`.execute(db);
  await sql`
    insert into integration_hours (group_id, integration_id, hour, received, accepted, invalid, plugin_errors,
      turned_away, duration_micros, first_at, last_at)
    select group_id, integration_id, date_trunc('hour', received_at, 'UTC'),
      count(*) filter (where state <> 'refused'), count(*) filter (where state in ('accepted', 'ignored')),
      count(*) filter (where state = 'invalid'), count(*) filter (where state = 'dead'),
      count(*) filter (where state = 'refused'),
      coalesce(sum(duration_micros) filter (where state <> 'refused'), 0),
      min(received_at) filter (where state <> 'refused'), max(received_at) filter (where state <> 'refused')
    from requests
    group by 1, 2, 3`.execute(db);
  await sql`alter table integration_counters add column turned_away bigint not null default 0`.execute(db);
  await sql`
    update integration_counters c set turned_away = greatest(0, c.refused - (
      select count(*) from requests r
      where r.group_id = c.group_id and r.integration_id = c.integration_id and r.state = 'invalid'))`.execute(db);
  await sql`
    alter table integrations
      add column watch boolean not null default true,
      add column watched_since timestamptz not null default now()`.execute(db);
}

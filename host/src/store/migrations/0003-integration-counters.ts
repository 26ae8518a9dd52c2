import { sql, type Kysely } from 'kysely';

/** Totals of an integration, kept with each batch, so that lists and health need not count the request log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table integration_counters (
      group_id text not null,
      integration_id text not null,
      received bigint not null default 0,
      accepted bigint not null default 0,
      refused bigint not null default 0,
      duration_micros bigint not null default 0,
      last_request_at timestamptz not null,
      primary key (group_id, integration_id)
    )`.execute(db);
  await sql`
    create index requests_pending_by_integration on requests (group_id, integration_id) where state = 'pending'`.execute(
    db,
  );
}

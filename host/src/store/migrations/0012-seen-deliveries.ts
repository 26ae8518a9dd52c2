import { sql, type Kysely } from 'kysely';

/**
 * Signed deliveries that were taken, by the name that their signature gives them, so that the same one is not taken
 * twice, whichever host it comes to and whatever was started again meanwhile. And the form of signature that an operator
 * has named for an integration.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table seen_deliveries (
      group_id text not null,
      integration_id text not null,
      -- A digest of the name.
      delivery text not null,
      -- What it was answered, so that a repetition gets the same.
      request_id text not null,
      status integer not null,
      content_type text,
      body text not null,
      seen_at timestamptz not null,
      primary key (group_id, integration_id, delivery)
    )`.execute(db);
  await sql`create index seen_deliveries_by_age on seen_deliveries using brin (seen_at)`.execute(db);
  await sql`alter table integrations add column own_signature jsonb`.execute(db);
}

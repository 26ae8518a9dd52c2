import { sql, type Kysely } from 'kysely';

/** Rules over the events of an integration, in the order in which they are applied. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table integrations add column rules jsonb not null default '[]'::jsonb`.execute(db);
}

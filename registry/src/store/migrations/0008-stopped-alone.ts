import { sql, type Kysely } from 'kysely';

/** What a reviewer stopped without a second one, for the sum that decides when a second one is needed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table registry_versions add column stopped_alone integer',
  `create index registry_versions_stopped_alone on registry_versions (revoked_by, revoked_at)
   where stopped_alone is not null`,
];

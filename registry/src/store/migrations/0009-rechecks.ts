import { sql, type Kysely } from 'kysely';

/** All checks of published versions again: attempts, the compiler that can be compared, findings that can be waived. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table registry_versions add column recheck_attempts integer not null default 0',
  'alter table registry_versions add column compiler_sha256 text',
  'alter table registry_versions add column held_findings jsonb',
];

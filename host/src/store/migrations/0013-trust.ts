import { sql, type Kysely } from 'kysely';

/** What was signed of each version that is installed: verified again when its module is loaded. Of no group. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table kept_signatures (
    package_sha256 text primary key,
    author_key text not null,
    author_envelope jsonb not null,
    registry_envelope jsonb not null,
    kept_at timestamptz not null
  )`,
  `create index installations_by_module on installations (module_sha256) where removed_at is null`,
  `create index installation_versions_by_module on installation_versions (module_sha256)`,
];

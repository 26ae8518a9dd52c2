import { sql, type Kysely } from 'kysely';

/**
 * What was signed of each version that is installed, of no group; what became of its publishers; tokens that only publish.
 */
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
  // What the registry decided about the publisher of something that is installed, until somebody has agreed to it.
  `create table publisher_notices (
    group_id text not null references groups,
    seq bigint not null,
    namespace text not null,
    kind text not null check (kind in ('owners-changed', 'key-lost')),
    details jsonb not null,
    decided_at timestamptz not null,
    agreed_at timestamptz,
    agreed_by text,
    primary key (group_id, seq)
  )`,
  `alter table api_tokens add column namespace text`,
  `create index installations_by_module on installations (module_sha256) where removed_at is null`,
  `create index installation_versions_by_module on installation_versions (module_sha256)`,
];

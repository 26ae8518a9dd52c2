import { sql, type Kysely } from 'kysely';

/** Versions that the sandbox no longer runs for an installation, because they broke their limits too often. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table plugin_quarantines (
      group_id text not null,
      installation_id text not null,
      module_sha256 text not null,
      reason text not null check (reason in ('cpu', 'trap')),
      strikes integer not null,
      quarantined_at timestamptz not null,
      primary key (group_id, installation_id, module_sha256),
      foreign key (group_id, installation_id) references installations
    )`.execute(db);
}

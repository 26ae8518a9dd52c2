import { sql, type Kysely } from 'kysely';

/**
 * The versions that an installation has left: what a rollback goes back to, and what a call goes on with that began
 * under such a version.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table installation_versions (
      group_id text not null,
      installation_id text not null,
      number integer not null,
      version text not null,
      module_sha256 text not null,
      package_sha256 text not null,
      manifest json not null,
      configuration jsonb not null,
      consent_digest text not null,
      -- Settings of the integrations by their id, as that version took them.
      integration_settings jsonb not null,
      -- The plugin's store as it was left; only of the last version.
      store jsonb,
      -- False for what was rolled back from, and for what was gone back to already.
      restorable boolean not null,
      -- Its module was revoked: what began with it does not go on.
      revoked boolean not null default false,
      left_at timestamptz not null,
      left_by text not null,
      primary key (group_id, installation_id, number),
      foreign key (group_id, installation_id) references installations
    )`.execute(db);
}

import { sql, type Kysely } from 'kysely';

/** Checks that survive a crash, switches of checks, waivers of findings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table registry_submissions add column check_claim text`,
  // While it is claimed: the end of the lease. Otherwise: not to be taken up by itself before.
  `alter table registry_submissions add column check_until timestamptz`,
  `alter table registry_submissions add column check_attempts integer not null default 0`,
  `create index registry_submissions_unchecked on registry_submissions (state_since)
     where state in ('uploaded', 'checking')`,

  `create table registry_check_policies (
    name text primary key,
    enabled boolean not null,
    enforced boolean not null,
    required boolean not null check (enabled or not required),
    changed_by text not null,
    changed_at timestamptz not null
  )`,

  `create table registry_waivers (
    plugin_id text not null,
    rule text not null,
    content_sha256 text not null,
    place text not null,
    reason text not null,
    granted_by text not null,
    granted_at timestamptz not null,
    primary key (plugin_id, rule, content_sha256)
  )`,

  `alter table registry_versions add column recheck_after timestamptz`,
];

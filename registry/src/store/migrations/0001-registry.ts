import { sql, type Kysely } from 'kysely';

/** Packages that were submitted, what was found about them, and what is published. No table here belongs to a group. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table registry_namespaces (
    namespace text primary key,
    owner text not null,
    created_at timestamptz not null
  )`,

  `create table registry_author_keys (
    namespace text not null references registry_namespaces,
    key_id text not null,
    public_key text not null,
    enrolled_at timestamptz not null,
    revoked_at timestamptz,
    primary key (namespace, key_id)
  )`,

  `create table registry_policies (
    policy_id text primary key,
    namespace text not null,
    statement text not null,
    cooldown_seconds integer not null,
    recorded_by text not null,
    recorded_at timestamptz not null
  )`,

  `create table registry_submissions (
    submission_id text primary key,
    plugin_id text not null,
    version text not null,
    package_sha256 text not null,
    content_digest text not null,
    state text not null check (state in
      ('uploaded', 'checking', 'in_review', 'approved', 'published', 'rejected', 'quarantined')),
    reason text,
    author_key_id text not null,
    author_envelope jsonb not null,
    submitted_by text not null,
    submitted_at timestamptz not null,
    state_since timestamptz not null
  )`,
  // Of two uploads of one version at once, one is the version and the other is refused.
  `create unique index registry_submissions_one_per_version on registry_submissions (plugin_id, version)
     where state <> 'rejected'`,
  `create index registry_submissions_by_state on registry_submissions (state, submission_id)`,

  `create table registry_checks (
    submission_id text not null references registry_submissions,
    name text not null,
    package_sha256 text not null,
    outcome text not null check (outcome in ('passed', 'failed', 'errored')),
    summary text not null,
    findings jsonb not null,
    checked_at timestamptz not null,
    primary key (submission_id, name)
  )`,

  `create table registry_versions (
    plugin_id text not null,
    version text not null,
    submission_id text not null unique references registry_submissions,
    package_sha256 text not null,
    content_digest text not null,
    module_sha256 text not null,
    packed_bytes integer not null,
    manifest json not null,
    imports jsonb not null,
    readme text not null,
    changelog text,
    icon text not null,
    author_envelope jsonb not null,
    registry_envelope jsonb not null,
    published_at timestamptz not null,
    yanked_at timestamptz,
    yank_reason text,
    revoked_at timestamptz,
    primary key (plugin_id, version)
  )`,
  `create index registry_versions_by_package on registry_versions (package_sha256)`,

  `create table registry_plugins (
    plugin_id text primary key,
    namespace text not null,
    latest_version text,
    name text not null,
    categories jsonb not null,
    provides jsonb not null,
    integration_type text,
    search_text text not null,
    installs integer not null default 0,
    updated_at timestamptz not null
  )`,
  `create index registry_plugins_by_name on registry_plugins (lower(name), plugin_id) where latest_version is not null`,
  `create index registry_plugins_by_type on registry_plugins (integration_type) where latest_version is not null`,

  `create table registry_log (
    seq bigint primary key,
    entry text not null,
    hash text not null unique,
    signature text not null
  )`,
  `create table registry_log_head (
    id integer primary key check (id = 1),
    seq bigint not null,
    hash text not null
  )`,
  `insert into registry_log_head (id, seq, hash) values (1, 0, '')`,
];

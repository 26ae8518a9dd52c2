import { sql, type Kysely } from 'kysely';

/** Reviews with reasons and second approvals, what became of a submission when, revocations, deprecation, re-checks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table registry_submissions drop constraint registry_submissions_state_check`,
  `alter table registry_submissions add constraint registry_submissions_state_check check (state in
    ('uploaded', 'checking', 'in_review', 'changes_requested', 'approved', 'published', 'rejected', 'quarantined'))`,
  `drop index registry_submissions_one_per_version`,
  `create unique index registry_submissions_one_per_version on registry_submissions (plugin_id, version)
     where state not in ('rejected', 'changes_requested')`,
  `create index registry_submissions_by_author on registry_submissions (submitted_by, submission_id)`,

  `create table registry_submission_events (
    submission_id text not null references registry_submissions,
    number integer not null,
    state text not null,
    actor text not null,
    reason text,
    at timestamptz not null,
    primary key (submission_id, number)
  )`,

  `create table registry_approvals (
    submission_id text not null references registry_submissions,
    reviewer text not null,
    package_sha256 text not null,
    note text not null,
    at timestamptz not null,
    primary key (submission_id, reviewer)
  )`,

  `alter table registry_versions add column revocation_kind text check (revocation_kind in ('hard', 'soft'))`,
  `alter table registry_versions add column revocation_reason text`,
  `alter table registry_versions add column revoked_by text`,
  `alter table registry_versions add column held_at timestamptz`,
  `alter table registry_versions add column held_reason text`,
  `alter table registry_versions add column rechecked_at timestamptz`,
  `alter table registry_versions add column rechecked_rules text`,
  `create index registry_versions_revoked on registry_versions (revoked_at) where revoked_at is not null`,

  `alter table registry_plugins add column deprecation_message text`,
  `alter table registry_plugins add column deprecation_replacement text`,

  `create table registry_installs (
    plugin_id text not null,
    version text not null,
    installs integer not null,
    primary key (plugin_id, version)
  )`,

  // What hosts say that they have: the number of the newest list that each has carried out.
  `create table registry_hosts (
    host_id text primary key,
    applied_number bigint not null,
    seen_at timestamptz not null
  )`,

  `create table registry_bad_digests (
    sha256 text primary key,
    reason text not null,
    added_by text not null,
    added_at timestamptz not null
  )`,
];

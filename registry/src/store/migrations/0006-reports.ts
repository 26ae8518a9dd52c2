import { sql, type Kysely } from 'kysely';

/** What people report about published versions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table registry_reports (
    report_id text primary key,
    plugin_id text not null,
    version text not null,
    reason text not null,
    text text not null,
    reported_by text not null,
    reported_at timestamptz not null,
    state text not null check (state in ('open', 'dismissed', 'held', 'acted')),
    decided_by text,
    decided_at timestamptz,
    decision text,
    foreign key (plugin_id, version) references registry_versions (plugin_id, version)
  )`,
  `create unique index registry_reports_one_open on registry_reports (reported_by, plugin_id) where state = 'open'`,
  `create index registry_reports_by_state on registry_reports (state, reported_at)`,
  `create index registry_reports_by_person on registry_reports (reported_by, reported_at)`,
];

import { sql, type Kysely } from 'kysely';

/** Hard revocations that wait for a second reviewer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table registry_sign_offs (
    sign_off_id text primary key,
    plugin_id text not null,
    range text not null,
    versions jsonb not null,
    installs integer not null,
    reason text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    state text not null check (state in ('waiting', 'confirmed', 'withdrawn', 'overtaken')),
    ended_by text,
    ended_at timestamptz,
    end_reason text,
    check ((state = 'waiting') = (ended_by is null)),
    check (state <> 'confirmed' or ended_by <> asked_by)
  )`,
  `create index registry_sign_offs_waiting on registry_sign_offs (plugin_id, asked_at) where state = 'waiting'`,
];

import { sql, type Kysely } from 'kysely';

/** What an operator says about who may post to an integration, how fast, what, and what the sender is answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table integrations
      add column ip_deny jsonb not null default '[]',
      add column published_only boolean not null default false,
      -- Null: as many at once as a minute allows.
      add column burst integer,
      add column body_schema json,
      add column response jsonb`.execute(db);
  await sql`
    create table published_ranges (
      -- Of the manifest's declaration: who declares the same reads the same list. It belongs to no group.
      source_sha256 text primary key,
      ranges jsonb not null default '[]',
      -- When the ranges were read; null until that has worked once.
      fetched_at timestamptz,
      tried_at timestamptz not null,
      failure text
    )`.execute(db);
}

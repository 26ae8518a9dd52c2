import { sql, type Kysely } from 'kysely';

/** Passes of one host key to the next, tokens that the host gets by a secret, and versions that have proved themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table key_rotations (
      rotation_id text primary key,
      -- The key by which everything is to be sealed.
      key_id text not null,
      started_at timestamptz not null,
      started_by text not null,
      finished_at timestamptz,
      -- How far the present pass has come: what it looks at, and the last row that it has looked at.
      part text not null,
      after jsonb,
      passes integer not null default 1,
      looked_at bigint not null default 0,
      rewrapped bigint not null default 0,
      unreadable bigint not null default 0,
      claim_id text,
      claimed_until timestamptz
    )`.execute(db);
  await sql`create unique index one_key_rotation on key_rotations ((true)) where finished_at is null`.execute(db);
  await sql`
    create table derived_tokens (
      group_id text not null,
      installation_id text not null,
      -- The declared secret by which it was got.
      name text not null,
      -- Digest of the secret and the request: another secret or address is another token.
      source text not null,
      -- Rises with each token; tells one that was refused from one that was got since.
      generation integer not null default 0,
      ciphertext bytea,
      expires_at timestamptz,
      -- Who is getting the next one, and until when the others wait.
      claim_id text,
      claimed_until timestamptz,
      primary key (group_id, installation_id, name),
      foreign key (group_id, installation_id) references installations
    )`.execute(db);
  await sql`
    create table proven_modules (
      module_sha256 text primary key,
      proven_at timestamptz not null
    )`.execute(db);
}

import { sql, type Kysely } from 'kysely';

/** Who wants a version before its cooldown has passed, and who else agreed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table early_updates (
        group_id text not null,
        installation_id text not null,
        version text not null,
        package_sha256 text not null,
        reason text not null,
        asked_by text not null,
        asked_at timestamptz not null,
        confirmed_by text,
        confirmed_at timestamptz,
        primary key (group_id, installation_id, version),
        foreign key (group_id, installation_id) references installations,
        check (confirmed_by <> asked_by),
        check ((confirmed_by is null) = (confirmed_at is null))
      )`,
    )
    .execute(db);
}

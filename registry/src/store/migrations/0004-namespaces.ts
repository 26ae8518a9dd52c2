import { sql, type Kysely } from 'kysely';

/** Members of namespaces, and what only an admin of the registry grants: names that are taken or kept, lost keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table registry_namespace_members (
    namespace text not null references registry_namespaces,
    member text not null,
    role text not null check (role in ('owner', 'member')),
    added_by text not null,
    added_at timestamptz not null,
    primary key (namespace, member)
  )`,
  `create index registry_namespace_members_by_member on registry_namespace_members (member)`,
  `insert into registry_namespace_members (namespace, member, role, added_by, added_at)
     select namespace, owner, 'owner', owner, created_at from registry_namespaces`,
  `alter table registry_namespaces drop column owner`,

  `create table registry_namespace_requests (
    request_id text primary key,
    namespace text not null,
    kind text not null check (kind in ('claim', 'lost-key')),
    asked_by text not null,
    reason text not null,
    public_key text,
    asked_at timestamptz not null,
    decided_at timestamptz,
    decided_by text,
    granted boolean,
    decision_reason text,
    check ((kind = 'lost-key') = (public_key is not null)),
    check ((decided_at is null) = (granted is null))
  )`,
  `create unique index registry_namespace_requests_open on registry_namespace_requests (namespace, kind, asked_by)
     where decided_at is null`,
  `create index registry_namespace_requests_waiting on registry_namespace_requests (request_id) where decided_at is null`,
];

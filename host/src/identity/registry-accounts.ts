import { sql, type Kysely } from 'kysely';
import type { RegistryAccounts } from '@patchbay/registry/api/route-dependencies';
import type { Database } from '../store/schema.ts';

/** The accounts of this host, for the registry inside it. */
export function registryAccounts(db: Kysely<Database>): RegistryAccounts {
  return {
    async findByEmail(email) {
      const { rows } = await sql<{ id: string }>`
        select id from auth_users where lower(email) = ${email.toLowerCase()}`.execute(db);
      return rows[0]?.id;
    },
    async namesOf(userIds) {
      const { rows } = await sql<{ id: string; name: string }>`
        select id, name from auth_users where id = any(${userIds}::text[])`.execute(db);
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

import {
  registryMemberSchema,
  registryRolesInputSchema,
  type RegistryMember,
  type RegistryRole,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { audit } from './audit.ts';

const params = z.object({ userId: z.string().max(64) });

/**
 * Who publishes, reviews and administers the registry inside this host. The admins of the registry decide; its last admin
 * stays.
 */
export function registryMemberRoutes({ db }: { db: Kysely<Database> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/registry-members',
      {
        config: { access: 'registry-admin' },
        schema: { response: { 200: z.object({ items: z.array(registryMemberSchema) }) } },
      },
      async () => ({ items: await readRegistryMembers(db) }),
    );

    app.put(
      '/api/registry-members/:userId',
      {
        config: { access: 'registry-admin' },
        schema: { params, body: registryRolesInputSchema, response: { 200: registryMemberSchema } },
      },
      async (request) => {
        const { actor } = request;
        const { userId } = request.params;
        const roles = [...new Set(request.body.roles)];
        await db.transaction().execute(async (trx) => {
          const known = await sql`select 1 from auth_users where id = ${userId}`.execute(trx);
          if (known.rows.length === 0) throw new ApiError('NOT_FOUND', 'There is no such account');
          if (!roles.includes('admin')) await keepAnAdmin(trx, userId);
          await trx.deleteFrom('registry_members').where('user_id', '=', userId).execute();
          if (roles.length > 0)
            await trx
              .insertInto('registry_members')
              .values(roles.map((role) => ({ user_id: userId, role })))
              .execute();
          await audit(trx, actor, 'registry-member.roles', userId, { roles });
        });
        const member = (await readRegistryMembers(db)).find((one) => one.userId === userId);
        if (member === undefined) throw new ApiError('NOT_FOUND', 'There is no such account');
        return member;
      },
    );
  };
}

/** Everybody with an account on this host, whichever group they belong to: the registry is one for all of them. */
async function readRegistryMembers(db: Kysely<Database>): Promise<RegistryMember[]> {
  const { rows } = await sql<{ id: string; name: string; email: string; roles: RegistryRole[] | null }>`
    select u.id, u.name, u.email,
      (select jsonb_agg(r.role order by r.role) from registry_members r where r.user_id = u.id) as roles
    from auth_users u
    order by u.name, u.id
    limit 1000
  `.execute(db);
  return rows.map(({ id, name, email, roles }) => ({ userId: id, name, email, roles: roles ?? [] }));
}

/** Locks all admins, so that two who step down at once cannot both succeed. */
async function keepAnAdmin(db: Kysely<Database>, leaving: string): Promise<void> {
  const admins = await db
    .selectFrom('registry_members')
    .select('user_id')
    .where('role', '=', 'admin')
    .orderBy('user_id')
    .forUpdate()
    .execute();
  const leaves = admins.some((admin) => admin.user_id === leaving);
  if (leaves && admins.length === 1)
    throw new ApiError('CONFLICT', 'The registry needs an admin: make somebody else admin first');
}

import { groupInputSchema, groupSchema } from '@patchbay/plugin-sdk/contract/rest/identity';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { audit } from './audit.ts';
import { createGroup } from './create-group.ts';

/**
 * Groups are the tenants of a host. Who owns one may make another and is its first owner; a new group starts with a
 * default service, no plugins and no members beside them.
 */
export function groupRoutes({ db }: { db: Kysely<Database> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/api/groups',
      { config: { access: 'owner' }, schema: { body: groupInputSchema, response: { 201: groupSchema } } },
      async (request, reply) => {
        const { actor } = request;
        const { name } = request.body;
        const { userId } = actor;
        if (userId === null)
          throw new ApiError(
            'FORBIDDEN',
            'A group needs an owner who can sign in: make it as a person, not by this token',
          );
        const id = await db.transaction().execute(async (trx) => {
          const groupId = await createGroup(trx, name);
          await trx.insertInto('group_members').values({ group_id: groupId, user_id: userId, role: 'owner' }).execute();
          await audit(trx, { ...actor, groupId }, 'group.create', groupId, { name });
          await audit(trx, actor, 'group.create', groupId, { name });
          return groupId;
        });
        return reply.code(201).send({ id, name, role: 'owner' as const });
      },
    );

    app.patch(
      '/api/group',
      { config: { access: 'owner' }, schema: { body: groupInputSchema, response: { 200: groupSchema } } },
      async (request) => {
        const { actor } = request;
        const { name } = request.body;
        await db.transaction().execute(async (trx) => {
          await trx.updateTable('groups').set({ name }).where('group_id', '=', actor.groupId).execute();
          await audit(trx, actor, 'group.rename', actor.groupId, { name });
        });
        return { id: actor.groupId, name, role: actor.role };
      },
    );
  };
}

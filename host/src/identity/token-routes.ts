import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import {
  tokenCreatedSchema,
  tokenInputSchema,
  tokenSchema,
  type TokenScope,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import { hasRole, type Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { audit } from './audit.ts';
import { createToken, showToken } from './tokens.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Nobody gives more than they have; who may write may publish, as far as the registry lets them. */
function mayGive(actor: Actor, scope: TokenScope): boolean {
  return actor.scopes.includes(scope === 'publish' ? 'write' : scope);
}

/** API tokens. Everybody sees and revokes their own; admins see and revoke all of the group. */
export function tokenRoutes({ db }: { db: Kysely<Database> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/tokens',
      { config: { access: 'viewer' }, schema: { response: { 200: z.object({ items: z.array(tokenSchema) }) } } },
      async ({ actor }) => {
        const all = hasRole(actor, 'admin');
        const rows = await db
          .selectFrom('api_tokens')
          .selectAll()
          .where('group_id', '=', actor.groupId)
          .where('revoked_at', 'is', null)
          .$if(!all, (query) => query.where('user_id', '=', actor.userId))
          .orderBy('created_at', 'desc')
          .execute();
        return { items: rows.map(showToken) };
      },
    );

    app.post(
      '/api/tokens',
      { config: { access: 'viewer' }, schema: { body: tokenInputSchema, response: { 201: tokenCreatedSchema } } },
      async (request, reply) => {
        const { actor } = request;
        const { name, scopes, namespace, expiresInDays } = request.body;
        const beyond = scopes.find((scope) => !mayGive(actor, scope));
        if (beyond !== undefined) throw new ApiError('FORBIDDEN', `You cannot give the scope "${beyond}"`);
        const token = await createToken(db, {
          groupId: actor.groupId,
          userId: actor.userId,
          name,
          role: actor.role,
          scopes,
          namespace,
          expiresAt: expiresInDays === null ? null : new Date(Date.now() + expiresInDays * DAY_MS),
        });
        await audit(db, actor, 'token.create', token.id, { name, scopes, namespace });
        return reply.code(201).send(token);
      },
    );

    app.delete(
      '/api/tokens/:id',
      { config: { access: 'viewer' }, schema: { params: z.object({ id: z.string().max(64) }) } },
      async (request, reply) => {
        const { actor } = request;
        const revoked = await db
          .updateTable('api_tokens')
          .set({ revoked_at: new Date() })
          .where('group_id', '=', actor.groupId)
          .where('token_id', '=', request.params.id)
          .where('revoked_at', 'is', null)
          .$if(!hasRole(actor, 'admin'), (query) => query.where('user_id', '=', actor.userId))
          .executeTakeFirst();
        if (revoked.numUpdatedRows === 0n) throw new ApiError('NOT_FOUND', 'There is no such token');
        await audit(db, actor, 'token.revoke', request.params.id);
        return reply.code(204).send();
      },
    );
  };
}

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql, type Kysely } from 'kysely';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import {
  groupRoleSchema,
  memberSchema,
  type GroupRole,
  type Member,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import { hasRole } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { createAccount } from './accounts.ts';
import type { Auth } from './auth.ts';
import { audit } from './audit.ts';

const params = z.object({ userId: z.string().max(64) });
const newMemberSchema = z.object({
  name: z.string().min(1).max(100),
  email: z.email().max(254),
  role: groupRoleSchema,
});

/** Who belongs to the group. Nobody gives a role above their own, and the last owner stays. */
export function memberRoutes({ db, auth }: { db: Kysely<Database>; auth: Auth }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/members',
      { config: { access: 'viewer' }, schema: { response: { 200: z.object({ items: z.array(memberSchema) }) } } },
      async (request) => ({ items: await readMembers(db, request.actor.groupId) }),
    );

    app.post(
      '/api/members',
      {
        config: { access: 'admin' },
        schema: {
          body: newMemberSchema,
          response: { 201: memberSchema.extend({ oneTimePassword: z.string().nullable() }) },
        },
      },
      async (request, reply) => {
        const { actor } = request;
        const { name, email, role } = request.body;
        if (!hasRole(actor, role)) throw new ApiError('FORBIDDEN', `You cannot give the role "${role}"`);
        const password = randomBytes(12).toString('base64url');
        const made = await createAccount(auth, { name, email, password });
        const userId = made.ok ? made.userId : await findUserId(db, email);
        await db.transaction().execute(async (trx) => {
          const added = await trx
            .insertInto('group_members')
            .values({ group_id: actor.groupId, user_id: userId, role })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst();
          if (added.numInsertedOrUpdatedRows === 0n) throw new ApiError('CONFLICT', 'This person is already a member');
          await audit(trx, actor, 'member.add', userId, { role });
        });
        const member = (await readMembers(db, actor.groupId)).find((entry) => entry.userId === userId);
        if (member === undefined) throw new ApiError('CONFLICT', 'The member was removed meanwhile');
        return reply.code(201).send({ ...member, oneTimePassword: made.ok ? password : null });
      },
    );

    app.patch(
      '/api/members/:userId',
      {
        config: { access: 'admin' },
        schema: { params, body: z.object({ role: groupRoleSchema }), response: { 200: memberSchema } },
      },
      async (request) => {
        const { actor } = request;
        const { role } = request.body;
        const { userId } = request.params;
        await db.transaction().execute(async (trx) => {
          const current = await lockMember(trx, actor.groupId, userId);
          if (!hasRole(actor, current) || !hasRole(actor, role))
            throw new ApiError('FORBIDDEN', 'You cannot change a role above your own');
          if (current === 'owner' && role !== 'owner') await keepAnOwner(trx, actor.groupId, userId);
          await trx
            .updateTable('group_members')
            .set({ role })
            .where('group_id', '=', actor.groupId)
            .where('user_id', '=', userId)
            .execute();
          await audit(trx, actor, 'member.role', userId, { from: current, to: role });
        });
        const member = (await readMembers(db, actor.groupId)).find((entry) => entry.userId === userId);
        if (member === undefined) throw new ApiError('NOT_FOUND', 'This person is not a member');
        return member;
      },
    );

    app.delete('/api/members/:userId', { config: { access: 'admin' }, schema: { params } }, async (request, reply) => {
      const { actor } = request;
      const { userId } = request.params;
      await db.transaction().execute(async (trx) => {
        const current = await lockMember(trx, actor.groupId, userId);
        if (!hasRole(actor, current)) throw new ApiError('FORBIDDEN', 'You cannot remove somebody above your role');
        if (current === 'owner') await keepAnOwner(trx, actor.groupId, userId);
        await trx
          .deleteFrom('group_members')
          .where('group_id', '=', actor.groupId)
          .where('user_id', '=', userId)
          .execute();
        await audit(trx, actor, 'member.remove', userId);
      });
      return reply.code(204).send();
    });
  };
}

async function readMembers(db: Kysely<Database>, groupId: GroupId): Promise<Member[]> {
  const { rows } = await sql<{ user_id: string; name: string; email: string; role: GroupRole; joined_at: Date }>`
    select m.user_id, u.name, u.email, m.role, m.joined_at
    from group_members m join auth_users u on u.id = m.user_id
    where m.group_id = ${groupId}
    order by m.joined_at, m.user_id
  `.execute(db);
  return rows.map((row) => ({
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    joinedAt: row.joined_at.toISOString(),
  }));
}

async function findUserId(db: Kysely<Database>, email: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from auth_users where email = ${email.toLowerCase()}
  `.execute(db);
  const row = rows[0];
  if (row === undefined) throw new ApiError('CONFLICT', 'The account was removed meanwhile');
  return row.id;
}

async function lockMember(db: Kysely<Database>, groupId: GroupId, userId: string): Promise<GroupRole> {
  const row = await db
    .selectFrom('group_members')
    .select('role')
    .where('group_id', '=', groupId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new ApiError('NOT_FOUND', 'This person is not a member');
  return row.role;
}

/** Locks all owners, so that two owners who leave at once cannot both succeed. */
async function keepAnOwner(db: Kysely<Database>, groupId: GroupId, leaving: string): Promise<void> {
  const owners = await db
    .selectFrom('group_members')
    .select('user_id')
    .where('group_id', '=', groupId)
    .where('role', '=', 'owner')
    .orderBy('user_id')
    .forUpdate()
    .execute();
  if (!owners.some((owner) => owner.user_id !== leaving))
    throw new ApiError('CONFLICT', 'The group needs an owner: make somebody else owner first');
}

import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { FastifyReply } from 'fastify';
import { APIError } from 'better-auth/api';
import { sql, type Kysely } from 'kysely';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import {
  sessionSchema,
  setupInputSchema,
  setupStateSchema,
  signInInputSchema,
  type GroupRole,
  type Session,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { createAccount } from './accounts.ts';
import { createAttemptLimit } from './attempt-limit.ts';
import type { Auth } from './auth.ts';
import { audit } from './audit.ts';
import { hasOwner, restoreSetupCode, takeSetupCode } from './first-start.ts';
import { webHeaders } from './web-headers.ts';

interface SessionRoutesOptions {
  db: Kysely<Database>;
  auth: Auth;
  firstGroupId: GroupId;
  publicUrl: () => string;
  warnings: () => Session['warnings'];
  /** Whether nothing but the registry runs here. */
  registryOnly: boolean;
  version: string;
}

const FAILURES_PER_MINUTE = 10;
const done = z.object({ ok: z.literal(true) });

/** First-run setup, sign-in, sign-out and "who am I". */
export function sessionRoutes(options: SessionRoutesOptions): FastifyPluginAsyncZod {
  const { db, auth, firstGroupId } = options;
  const byAddress = createAttemptLimit(FAILURES_PER_MINUTE * 3);
  const byAccount = createAttemptLimit(FAILURES_PER_MINUTE);

  return async (app) => {
    app.get(
      '/api/setup',
      { config: { access: 'public' }, schema: { response: { 200: setupStateSchema } } },
      async () => ({
        needed: !(await hasOwner(db)),
      }),
    );

    app.post(
      '/api/setup',
      { config: { access: 'public' }, schema: { body: setupInputSchema, response: { 200: done } } },
      async (request, reply) => {
        refuseWhenLimited(byAddress.waitSeconds(request.ip));
        const { code, name, email, password } = request.body;
        if (!(await takeSetupCode(db, code))) {
          byAddress.fail(request.ip);
          throw new ApiError(
            'FORBIDDEN',
            'This setup code is not valid. The current one is on the console of the host',
          );
        }
        const made = await createAccount(auth, { name, email, password });
        if (!made.ok) {
          await restoreSetupCode(db, code);
          throw new ApiError('CONFLICT', 'This e-mail address already has an account');
        }
        await db.transaction().execute(async (trx) => {
          await trx
            .insertInto('group_members')
            .values({ group_id: firstGroupId, user_id: made.userId, role: 'owner' })
            .execute();
          await trx.insertInto('registry_members').values({ user_id: made.userId, role: 'admin' }).execute();
          await audit(trx, { groupId: firstGroupId, name: `user:${made.userId}` }, 'group.setup', firstGroupId);
        });
        await signIn(auth, webHeaders(request), { email, password }, reply);
        return { ok: true as const };
      },
    );

    app.post(
      '/api/sign-in',
      { config: { access: 'public' }, schema: { body: signInInputSchema, response: { 200: done } } },
      async (request, reply) => {
        const account = request.body.email.toLowerCase();
        refuseWhenLimited(byAddress.waitSeconds(request.ip) || byAccount.waitSeconds(account));
        const signedIn = await signIn(auth, webHeaders(request), { ...request.body, email: account }, reply);
        if (!signedIn) {
          byAddress.fail(request.ip);
          byAccount.fail(account);
          throw new ApiError('SESSION_REQUIRED', 'E-mail address or password is wrong');
        }
        byAccount.clear(account);
        return { ok: true as const };
      },
    );

    app.post(
      '/api/sign-out',
      { config: { access: 'public' }, schema: { response: { 200: done } } },
      async (request, reply) => {
        const response = await auth.api.signOut({ headers: webHeaders(request), asResponse: true });
        forwardCookies(response, reply);
        return { ok: true as const };
      },
    );

    app.get(
      '/api/session',
      { config: { access: 'viewer' }, schema: { response: { 200: sessionSchema } } },
      async (request): Promise<Session> => {
        const { actor } = request;
        const groups = await readGroups(db, actor.userId, actor.groupId, actor.role);
        const group = groups.find(({ id }) => id === actor.groupId) ?? {
          id: actor.groupId,
          name: '',
          role: actor.role,
        };
        return {
          user: await readUser(db, actor.userId),
          group,
          groups,
          registryRoles: [...actor.registryRoles],
          warnings: options.warnings(),
          registryOnly: options.registryOnly,
          publicUrl: options.publicUrl(),
          version: options.version,
        };
      },
    );
  };
}

function refuseWhenLimited(waitSeconds: number): void {
  if (waitSeconds > 0) throw new ApiError('RATE_LIMITED', 'Too many failed tries', { retryAfterSeconds: waitSeconds });
}

async function signIn(
  auth: Auth,
  headers: Headers,
  body: { email: string; password: string },
  reply: FastifyReply,
): Promise<boolean> {
  try {
    const response = await auth.api.signInEmail({ body, headers, asResponse: true });
    if (!response.ok) return false;
    forwardCookies(response, reply);
    return true;
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) return false;
    throw error;
  }
}

function forwardCookies(response: Response, reply: FastifyReply): void {
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
}

async function readUser(db: Kysely<Database>, userId: string | null): Promise<Session['user']> {
  if (userId === null) return null;
  const { rows } = await sql<{ id: string; name: string; email: string }>`
    select id, name, email from auth_users where id = ${userId}
  `.execute(db);
  return rows[0] ?? null;
}

async function readGroups(
  db: Kysely<Database>,
  userId: string | null,
  groupId: GroupId,
  role: GroupRole,
): Promise<Session['groups']> {
  if (userId === null) {
    const group = await db
      .selectFrom('groups')
      .select('name')
      .where('group_id', '=', groupId)
      .executeTakeFirstOrThrow();
    return [{ id: groupId, name: group.name, role }];
  }
  return db
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.group_id', 'group_members.group_id')
    .select(['groups.group_id as id', 'groups.name', 'group_members.role'])
    .where('group_members.user_id', '=', userId)
    .orderBy('group_members.joined_at')
    .execute();
}

import type { FastifyRequest } from 'fastify';
import { isId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { GroupRole, RegistryRole, TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';
import { sql, type Kysely } from 'kysely';
import { hasRole, type Access, type Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { isDatabaseGone } from '../store/database-errors.ts';
import type { Database } from '../store/schema.ts';
import type { Auth } from './auth.ts';
import type { KnownTokens } from './known-tokens.ts';
import { webHeaders } from './web-headers.ts';
import { findTokenOwner, type TokenOwner } from './tokens.ts';

const READ_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A header that no form or image can set: a request that carries it came from our own page. */
export const CSRF_HEADER = 'x-patchbay-request';

/** What tells who somebody is. */
export interface Authenticators {
  db: Kysely<Database>;
  auth: Auth;
  knownTokens: KnownTokens;
}

/**
 * Finds out who asks, and refuses what the route's access rule does not allow.
 *
 *   1. bearer token or session cookie
 *   2. a session that changes something must carry the CSRF header
 *   3. the group: the token's own, or X-Group among the person's groups, or their first
 *   4. the role in the group (or in the registry) against the route's rule
 *   5. a token's scopes: `read` for reading, `write` for changes, `admin` for what admins and owners do, `publish` for
 *      uploads and for nothing else
 */
export async function authenticate(
  { db, auth, knownTokens }: Authenticators,
  request: FastifyRequest,
  access: Exclude<Access, 'public' | 'integration'>,
): Promise<Actor> {
  const bearer = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(request.headers.authorization ?? '')?.[1];
  const { withoutDatabase = false } = request.routeOptions.config;
  const actor =
    bearer === undefined
      ? await sessionActor(db, auth, request)
      : await tokenActor(db, bearer, knownTokens, withoutDatabase);
  if (actor === null)
    throw new ApiError('SESSION_REQUIRED', undefined, { headers: { 'www-authenticate': 'Bearer realm="patchbay"' } });
  if (!allows(actor, access)) throw new ApiError('FORBIDDEN', `This needs the role "${access}"`);
  const scope = neededScope(request.method, access);
  const publishes = request.routeOptions.config.publishes === true && actor.onlyNamespace !== null;
  if (publishes && actor.scopes.includes('publish')) return actor;
  if (!actor.scopes.includes(scope) && !actor.scopes.includes('admin'))
    throw new ApiError('FORBIDDEN', `The token lacks the scope "${scope}"`);
  return actor;
}

function allows(actor: Actor, access: Exclude<Access, 'public' | 'integration'>): boolean {
  switch (access) {
    case 'author':
    case 'reviewer':
      return actor.registryRoles.includes(access) || actor.registryRoles.includes('admin');
    case 'registry-admin':
      return actor.registryRoles.includes('admin');
    case 'owner':
    case 'admin':
    case 'member':
    case 'viewer':
      return hasRole(actor, access);
  }
}

function neededScope(method: string, access: Access): TokenScope {
  if (access === 'admin' || access === 'owner' || access === 'registry-admin') return 'admin';
  return READ_METHODS.has(method) ? 'read' : 'write';
}

async function tokenActor(
  db: Kysely<Database>,
  token: string,
  knownTokens: KnownTokens,
  withoutDatabase: boolean,
): Promise<Actor | null> {
  let owner: TokenOwner | null;
  try {
    owner = await findTokenOwner(db, token);
    if (owner === null) knownTokens.forget(token);
    else knownTokens.remember(token, owner);
  } catch (error) {
    const known = withoutDatabase && isDatabaseGone(error) ? knownTokens.find(token) : undefined;
    if (known === undefined) throw error;
    owner = known;
  }
  if (owner === null) return null;
  // Whoever may change something may look at it.
  const scopes: TokenScope[] = owner.scopes.includes('write') ? [...owner.scopes, 'read'] : owner.scopes;
  return { ...owner, scopes, name: `token:${owner.tokenId}` };
}

async function sessionActor(db: Kysely<Database>, auth: Auth, request: FastifyRequest): Promise<Actor | null> {
  if (request.headers.cookie === undefined) return null;
  const session = await auth.api.getSession({ headers: webHeaders(request) });
  if (session === null) return null;
  if (!READ_METHODS.has(request.method) && request.headers[CSRF_HEADER] === undefined)
    throw new ApiError('FORBIDDEN', 'Changes from a browser need the header X-Patchbay-Request');
  const wanted = request.headers['x-group'];
  const { rows } = await sql<{ group_id: GroupId; role: GroupRole; registry_roles: RegistryRole[] | null }>`
    select m.group_id, m.role,
      (select jsonb_agg(r.role) from registry_members r where r.user_id = m.user_id) as registry_roles
    from group_members m
    where m.user_id = ${session.user.id}
    order by m.joined_at, m.group_id
  `.execute(db);
  const row =
    typeof wanted === 'string' && isId('group', wanted) ? rows.find((member) => member.group_id === wanted) : rows[0];
  if (row === undefined) throw new ApiError('FORBIDDEN', 'You are not a member of this group');
  return {
    groupId: row.group_id,
    role: row.role,
    registryRoles: row.registry_roles ?? [],
    userId: session.user.id,
    name: `user:${session.user.id}`,
    scopes: ['read', 'write', 'admin'],
    onlyNamespace: null,
  };
}

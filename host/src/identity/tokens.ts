import { createHash, randomBytes } from 'node:crypto';
import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { GroupRole, RegistryRole, Token, TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database } from '../store/schema.ts';

const TOKEN_PREFIX = 'pbt_';
const SHOWN_CHARS = 8;
/** `last_used_at` is written at most once in this time. */
const LAST_USED_STEP = '1 minute';

export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

interface NewToken {
  groupId: GroupId;
  userId: string | null;
  name: string;
  role: GroupRole;
  scopes: readonly TokenScope[];
  /** The one namespace of a token that only publishes. */
  namespace?: string | null;
  expiresAt: Date | null;
  /** A value chosen by the operator instead of a random one. */
  token?: string;
}

/** Makes a token; its text is returned here and nowhere else, only its digest is kept. */
export async function createToken(db: Kysely<Database>, input: NewToken): Promise<Token & { token: string }> {
  const token = input.token ?? TOKEN_PREFIX + randomBytes(32).toString('base64url');
  const row = await db
    .insertInto('api_tokens')
    .values({
      group_id: input.groupId,
      token_id: newId('token'),
      name: input.name,
      prefix: input.token === undefined ? token.slice(0, SHOWN_CHARS) : '',
      token_sha256: tokenDigest(token),
      scopes: JSON.stringify(input.scopes),
      namespace: input.namespace ?? null,
      user_id: input.userId,
      role: input.role,
      expires_at: input.expiresAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...showToken(row), token };
}

export function showToken(row: Selectable<Database['api_tokens']>): Token {
  return {
    id: row.token_id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    namespace: row.namespace,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

export interface TokenOwner {
  groupId: GroupId;
  tokenId: string;
  userId: string | null;
  role: GroupRole;
  scopes: TokenScope[];
  onlyNamespace: string | null;
  registryRoles: RegistryRole[];
}

/**
 * Who a token stands for: the token's role, lowered to what its maker still has in the group. Unknown, expired and
 * revoked tokens are all null. A token without a maker (made from the environment) keeps its role.
 */
export async function findTokenOwner(db: Kysely<Database>, token: string): Promise<TokenOwner | null> {
  const found = await sql<{
    group_id: GroupId;
    token_id: string;
    user_id: string | null;
    role: GroupRole;
    scopes: TokenScope[];
    namespace: string | null;
    member_role: GroupRole | null;
    registry_roles: RegistryRole[] | null;
  }>`
    select t.group_id, t.token_id, t.user_id, t.role, t.scopes, t.namespace, m.role as member_role,
      (select jsonb_agg(r.role) from registry_members r where r.user_id = t.user_id) as registry_roles
    from api_tokens t
    left join group_members m on m.group_id = t.group_id and m.user_id = t.user_id
    where t.token_sha256 = ${tokenDigest(token)}
      and t.revoked_at is null
      and (t.expires_at is null or t.expires_at > now())
  `.execute(db);
  const row = found.rows[0];
  if (row === undefined || (row.user_id !== null && row.member_role === null)) return null;
  await sql`
    update api_tokens set last_used_at = now()
    where group_id = ${row.group_id} and token_id = ${row.token_id}
      and (last_used_at is null or last_used_at < now() - ${sql.lit(LAST_USED_STEP)}::interval)
  `.execute(db);
  return {
    groupId: row.group_id,
    tokenId: row.token_id,
    userId: row.user_id,
    role: row.member_role === null ? row.role : lowerRole(row.role, row.member_role),
    scopes: row.scopes,
    onlyNamespace: row.namespace,
    registryRoles: row.user_id === null ? ['admin'] : (row.registry_roles ?? []),
  };
}

const ORDER: Record<GroupRole, number> = { owner: 0, admin: 1, member: 2, viewer: 3 };

function lowerRole(one: GroupRole, other: GroupRole): GroupRole {
  return ORDER[one] >= ORDER[other] ? one : other;
}

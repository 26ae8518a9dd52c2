import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Kysely } from 'kysely';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import { ApiError } from './api-error.ts';

/**
 * `Idempotency-Key` on the management API's POSTs (draft-ietf-httpapi-idempotency-key-header).
 *
 *   new      the key is claimed with the digest of the body; the answer is kept, sealed, for a day
 *   running  a second request with the key: 409 CONFLICT
 *   kept     same body: the kept answer, with `Idempotent-Replayed: true`; another body: IDEMPOTENCY_KEY_REUSED
 *   failed   an answer of 500 or more frees the key
 */
export function installIdempotency(app: FastifyInstance, db: Kysely<Database>, vault: Vault): void {
  app.decorateRequest('idempotencyKey', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || typeof key !== 'string' || !isManagement(request)) return;
    if (key === '' || key.length > apiLimits.idempotencyKeyChars)
      throw new ApiError('BODY_INVALID', `Idempotency-Key has at most ${apiLimits.idempotencyKeyChars} characters`);
    const digest = bodyDigest(request);
    const claimed = await db
      .insertInto('idempotency_keys')
      .values({ group_id: request.actor.groupId, key, route: routeOf(request), body_sha256: digest, status: null })
      .onConflict((conflict) =>
        conflict
          .columns(['group_id', 'key', 'route'])
          .doUpdateSet({ body_sha256: digest, status: null, response: null, created_at: new Date() })
          .where('idempotency_keys.created_at', '<', new Date(Date.now() - apiLimits.idempotencyKeepMs)),
      )
      .executeTakeFirst();
    if (claimed.numInsertedOrUpdatedRows !== 0n) {
      request.idempotencyKey = key;
      return;
    }
    return answerFromKept(db, vault, request, reply, key, digest);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotencyKey;
    if (key === null) return payload;
    request.idempotencyKey = null;
    const route = routeOf(request);
    const { groupId } = request.actor;
    if (reply.statusCode >= 500 || (typeof payload !== 'string' && payload !== null && payload !== undefined)) {
      await db
        .deleteFrom('idempotency_keys')
        .where('group_id', '=', groupId)
        .where('key', '=', key)
        .where('route', '=', route)
        .execute();
      return payload;
    }
    const sealed = vault.seal(typeof payload === 'string' ? payload : '', keptAnswerContext(groupId, key, route));
    await db
      .updateTable('idempotency_keys')
      .set({ status: reply.statusCode, response: JSON.stringify(sealed.toString('base64')) })
      .where('group_id', '=', groupId)
      .where('key', '=', key)
      .where('route', '=', route)
      .execute();
    return payload;
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that this request claimed and whose answer is to be kept. */
    idempotencyKey: string | null;
  }
}

function isManagement(request: FastifyRequest): boolean {
  const access = request.routeOptions.config.access;
  return access !== undefined && access !== 'public' && access !== 'integration';
}

async function answerFromKept(
  db: Kysely<Database>,
  vault: Vault,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  digest: string,
): Promise<FastifyReply> {
  const { groupId } = request.actor;
  const route = routeOf(request);
  const row = await db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('key', '=', key)
    .where('route', '=', route)
    .executeTakeFirst();
  if (row === undefined || (row.status === null && row.body_sha256 === digest))
    throw new ApiError('CONFLICT', 'A request with this Idempotency-Key is being carried out', {
      retryAfterSeconds: 1,
    });
  if (row.body_sha256 !== digest) throw new ApiError('IDEMPOTENCY_KEY_REUSED');
  const body = vault
    .open(Buffer.from(String(row.response), 'base64'), keptAnswerContext(groupId, key, route))
    .toString('utf8');
  reply.code(row.status ?? 200).header('idempotent-replayed', 'true');
  if (body !== '') reply.type('application/json; charset=utf-8');
  return reply.send(body);
}

function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.url.split('?', 1)[0] ?? ''}`;
}

export function keptAnswerContext(groupId: string, key: string, route: string): string {
  return ['idempotency', groupId, key, route].join('/');
}

function bodyDigest(request: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify(request.body ?? null))
    .digest('hex');
}

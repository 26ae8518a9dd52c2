import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { idSchema, newId, type DestinationId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import {
  deliverySchema,
  destinationSchema,
  webhookCreatedSchema,
  webhookInputSchema,
  webhookPatchSchema,
  type Destination,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ApiError } from '../api/api-error.ts';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import type { Egress } from '../egress/egress.ts';
import { audit } from '../identity/audit.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { putSecret, readSecrets } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Store } from '../store/open-store.ts';
import { transact } from '../store/transact.ts';
import { listDeliveries, showDelivery } from './delivery-queries.ts';
import { changeDestination, createDestination, listDestinations, removeDestination } from './destinations.ts';
import { replayDelivery } from './replay.ts';
import { newWebhookSecret, signWebhook } from './webhook-signature.ts';

const params = z.object({ id: idSchema('destination') });
const HOUR_MS = 3600 * 1000;
const rotateSchema = z.object({ overlapHours: z.int().min(0).max(168).default(24) }).prefault({});
const testResultSchema = z.object({
  ok: z.boolean(),
  status: z.int().nullable(),
  message: z.string(),
  durationMs: z.number(),
});
/** Headers that the sender sets itself. */
const RESERVED_HEADERS =
  /^(host|content-length|content-type|transfer-encoding|connection|user-agent|x-signature|x-timestamp|webhook-.*)$/i;

interface WebhookRoutesOptions {
  store: Store;
  vault: Vault;
  egress: Egress;
  hub: LiveHub;
}

/** Outgoing webhooks, under /api/webhooks and, for those who know the address, /api/integrations/webhooks. */
export function webhookRoutes(options: WebhookRoutesOptions): FastifyPluginAsyncZod {
  return async (app) => {
    for (const base of ['/api/webhooks', '/api/integrations/webhooks']) await app.register(routesAt(base, options));
  };
}

function routesAt(base: string, { store, vault, egress, hub }: WebhookRoutesOptions): FastifyPluginAsyncZod {
  const { db } = store;

  const find = async (groupId: GroupId, id: DestinationId): Promise<Destination> => {
    const [found] = await listDestinations(db, groupId, 'webhook', id);
    if (found === undefined) throw new ApiError('NOT_FOUND', 'There is no such webhook');
    return found;
  };
  const signing = (groupId: GroupId, webhook: Pick<Destination, 'id' | 'environment'>) => ({
    groupId,
    environment: webhook.environment,
    ownerKind: 'destination' as const,
    ownerId: webhook.id,
    name: 'signing',
  });

  return async (app) => {
    app.get(
      base,
      { config: { access: 'viewer' }, schema: { response: { 200: z.object({ items: z.array(destinationSchema) }) } } },
      async (request) => ({ items: await listDestinations(db, request.actor.groupId, 'webhook') }),
    );

    app.get(
      `${base}/:id`,
      { config: { access: 'viewer' }, schema: { params, response: { 200: destinationSchema } } },
      (request) => find(request.actor.groupId, request.params.id),
    );

    app.post(
      base,
      { config: { access: 'admin' }, schema: { body: webhookInputSchema, response: { 201: webhookCreatedSchema } } },
      async (request, reply) => {
        const { actor, body } = request;
        refuseReservedHeaders(body.headers);
        const secret = newWebhookSecret();
        const id = await transact(db, async (trx) => {
          const id = await createDestination(trx, { groupId: actor.groupId, kind: 'webhook', ...body });
          const owner = signing(actor.groupId, { id, environment: body.environment });
          await putSecret(trx, vault, { ...owner, value: secret });
          await audit(trx, actor, 'webhook.create', id, { url: body.url });
          return id;
        });
        hub.publish(actor.groupId, ['destinations']);
        return reply.code(201).send({ ...(await find(actor.groupId, id)), secret });
      },
    );

    for (const method of ['PATCH', 'PUT'] as const)
      app.route({
        method,
        url: `${base}/:id`,
        config: { access: 'admin' },
        schema: { params, body: webhookPatchSchema, response: { 200: destinationSchema } },
        handler: async (request) => {
          const { actor, params, body } = request;
          if (body.headers !== undefined) refuseReservedHeaders(body.headers);
          if (!(await changeDestination(db, actor.groupId, params.id, 'webhook', body)))
            throw new ApiError('NOT_FOUND', 'There is no such webhook');
          await audit(db, actor, 'webhook.change', params.id, { fields: Object.keys(body) });
          hub.publish(actor.groupId, ['destinations']);
          await store.notify('deliveries');
          return find(actor.groupId, params.id);
        },
      });

    app.delete(`${base}/:id`, { config: { access: 'admin' }, schema: { params } }, async (request, reply) => {
      const { actor, params } = request;
      if (!(await removeDestination(db, actor.groupId, params.id, 'webhook')))
        throw new ApiError('NOT_FOUND', 'There is no such webhook');
      await audit(db, actor, 'webhook.remove', params.id);
      hub.publish(actor.groupId, ['destinations', 'deliveries']);
      return reply.code(204).send();
    });

    app.post(
      `${base}/:id/rotate-secret`,
      { config: { access: 'admin' }, schema: { params, body: rotateSchema, response: { 200: webhookCreatedSchema } } },
      async (request) => {
        const { actor, params } = request;
        const webhook = await find(actor.groupId, params.id);
        const secret = newWebhookSecret();
        const overlapUntil = new Date(Date.now() + request.body.overlapHours * HOUR_MS);
        await putSecret(db, vault, { ...signing(actor.groupId, webhook), value: secret, overlapUntil });
        await audit(db, actor, 'webhook.rotate-secret', params.id, { overlapHours: request.body.overlapHours });
        return { ...webhook, secret };
      },
    );

    app.post(
      `${base}/:id/test`,
      { config: { access: 'member' }, schema: { params, response: { 200: testResultSchema } } },
      async (request) => {
        const { groupId } = request.actor;
        const webhook = await find(groupId, request.params.id);
        const secrets = await readSecrets(db, vault, signing(groupId, webhook));
        const id = newId('change');
        const now = new Date();
        const data = { message: 'This is a test of your webhook. No incident stands behind it.' };
        const body = Buffer.from(
          JSON.stringify({
            id,
            type: 'webhook.test',
            event: 'webhook.test',
            groupId,
            timestamp: now.toISOString(),
            data,
          }),
        );
        const result = await egress.send({
          url: webhook.url ?? '',
          method: 'POST',
          headers: {
            ...webhook.headers,
            'content-type': 'application/json',
            'user-agent': 'Patchbay-Webhooks/1',
            ...signWebhook(
              secrets.map(({ value }) => value),
              id,
              Math.floor(now.getTime() / 1000),
              body,
            ),
          },
          body,
          timeoutMs: deliveryLimits.requestTimeoutMs,
          responseBytes: deliveryLimits.webhookResponseBytes,
        });
        if (!result.ok) return { ok: false, status: null, message: result.message, durationMs: result.durationMs };
        const { status, durationMs } = result.answer;
        return { ok: status >= 200 && status < 300, status, message: `The target answered ${status}`, durationMs };
      },
    );

    app.get(
      `${base}/:id/deliveries`,
      {
        config: { access: 'viewer' },
        schema: { params, querystring: pageQuerySchema, response: { 200: pageSchema(deliverySchema) } },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const beforeSeq = cursor === undefined ? undefined : decodeCursor(z.tuple([z.number()]), cursor)[0];
        const filter = { states: [], destinationId: request.params.id, beforeSeq };
        const rows = await listDeliveries(db, request.actor.groupId, filter, limit + 1);
        return cutPage(rows, limit, (row) => [row.seq], showDelivery);
      },
    );

    app.post(
      `${base}/:id/replay/:deliveryId`,
      {
        config: { access: 'member' },
        schema: {
          params: params.extend({ deliveryId: idSchema('delivery') }),
          response: { 202: z.object({ ok: z.literal(true) }) },
        },
      },
      async (request, reply) => {
        const { actor, params } = request;
        await find(actor.groupId, params.id);
        const result = await replayDelivery(db, actor.groupId, params.deliveryId, 'resume', params.id);
        if (!result.ok) throw new ApiError(result.reason === 'not-found' ? 'NOT_FOUND' : 'CONFLICT');
        await audit(db, actor, 'delivery.replay', params.deliveryId, { mode: 'resume' });
        await store.notify('deliveries');
        return reply.code(202).send({ ok: true as const });
      },
    );
  };
}

function refuseReservedHeaders(headers: Record<string, string>): void {
  const reserved = Object.keys(headers).find((name) => RESERVED_HEADERS.test(name));
  if (reserved === undefined) return;
  throw new ApiError('BODY_INVALID', `The header ${reserved} is set by Patchbay itself`, {
    details: [{ path: `headers.${reserved}`, message: 'This header is set by Patchbay itself' }],
  });
}

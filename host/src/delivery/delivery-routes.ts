import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { idSchema } from '@patchbay/plugin-sdk/contract/ids';
import { changeTypeSchema } from '@patchbay/plugin-sdk/contract/envelopes';
import {
  deliveryDetailSchema,
  deliverySchema,
  deliveryStateSchema,
  replayInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { exportedCallSchema } from '@patchbay/plugin-sdk/contract/exported-call';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { ApiError } from '../api/api-error.ts';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import { audit } from '../identity/audit.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Store } from '../store/open-store.ts';
import { listDeliveries, readDelivery, showDelivery } from './delivery-queries.ts';
import { exportCall, type ExportResult } from './export-call.ts';
import { cancelDelivery, replayDelivery } from './replay.ts';

const params = z.object({ id: idSchema('delivery') });
const several = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), item.transform((one) => [one])]).default([] as never);
const query = pageQuerySchema.extend({
  state: several(deliveryStateSchema),
  destinationId: z.string().max(64).optional(),
  incidentId: z.string().max(64).optional(),
  changeType: changeTypeSchema.optional(),
});

/** Deliveries: what went out, each attempt and request of it, again and no more. */
export function deliveryRoutes(deps: { store: Store; vault: Vault; hub: LiveHub }): FastifyPluginAsyncZod {
  const { store, vault, hub } = deps;
  const { db } = store;
  return async (app) => {
    app.get(
      '/api/deliveries',
      { config: { access: 'viewer' }, schema: { querystring: query, response: { 200: pageSchema(deliverySchema) } } },
      async (request) => {
        const { cursor, limit, state, destinationId, incidentId, changeType } = request.query;
        const beforeSeq = cursor === undefined ? undefined : decodeCursor(z.tuple([z.number()]), cursor)[0];
        const filter = { states: state as never, destinationId, incidentId, changeType, beforeSeq };
        const rows = await listDeliveries(db, request.actor.groupId, filter, limit + 1);
        return cutPage(rows, limit, (row) => [row.seq], showDelivery);
      },
    );

    app.get(
      '/api/deliveries/:id',
      { config: { access: 'viewer' }, schema: { params, response: { 200: deliveryDetailSchema } } },
      async (request) => {
        const delivery = await readDelivery(db, vault, request.actor.groupId, request.params.id);
        if (delivery === null) throw new ApiError('NOT_FOUND', 'There is no such delivery');
        return delivery;
      },
    );

    // It holds what the other side answered, whole: more than everybody in the group is shown.
    app.get(
      '/api/deliveries/:id/export',
      { config: { access: 'admin' }, schema: { params, response: { 200: exportedCallSchema } } },
      async (request, reply) => {
        const { actor, params } = request;
        const exported = await exportCall(db, vault, actor.groupId, params.id);
        if (!exported.ok) throw notExported(exported.reason);
        await audit(db, actor, 'delivery.export', params.id);
        return reply
          .header('content-disposition', `attachment; filename="${params.id}.json"`)
          .header('cache-control', 'no-store')
          .send(exported.call);
      },
    );

    app.post(
      '/api/deliveries/:id/replay',
      {
        config: { access: 'member' },
        schema: { params, body: replayInputSchema.prefault({}), response: { 202: deliveryDetailSchema } },
      },
      async (request, reply) => {
        const { actor, params } = request;
        const result = await replayDelivery(db, actor.groupId, params.id, request.body.mode);
        if (!result.ok)
          throw result.reason === 'not-found'
            ? new ApiError('NOT_FOUND', 'There is no such delivery')
            : new ApiError('CONFLICT', 'This delivery is being carried out right now');
        await audit(db, actor, 'delivery.replay', params.id, { mode: request.body.mode });
        hub.publish(actor.groupId, ['deliveries']);
        await store.notify('deliveries');
        const delivery = await readDelivery(db, vault, actor.groupId, params.id);
        if (delivery === null) throw new ApiError('NOT_FOUND');
        return reply.code(202).send(delivery);
      },
    );

    app.post(
      '/api/deliveries/:id/cancel',
      { config: { access: 'member' }, schema: { params, response: { 200: deliveryDetailSchema } } },
      async (request) => {
        const { actor, params } = request;
        const cancelled = await cancelDelivery(db, actor.groupId, params.id);
        const delivery = await readDelivery(db, vault, actor.groupId, params.id);
        if (delivery === null) throw new ApiError('NOT_FOUND', 'There is no such delivery');
        if (!cancelled) throw new ApiError('CONFLICT', `A delivery that is ${delivery.state} cannot be cancelled`);
        await audit(db, actor, 'delivery.cancel', params.id);
        hub.publish(actor.groupId, ['deliveries']);
        return delivery;
      },
    );
  };
}

function notExported(reason: Exclude<ExportResult, { ok: true }>['reason']): ApiError {
  switch (reason) {
    case 'not-found':
      return new ApiError('NOT_FOUND', 'There is no such delivery');
    case 'under-way':
      return new ApiError('CONFLICT', 'This delivery is being carried out right now');
    case 'no-journal':
      return new ApiError('CONFLICT', 'This delivery has no journal: no plugin has carried it out');
  }
}

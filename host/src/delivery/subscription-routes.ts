import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { idSchema, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import {
  destinationSchema,
  subscriptionFilterSchema,
  subscriptionInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { Store } from '../store/open-store.ts';
import { changeDestination, createDestination, listDestinations, removeDestination } from './destinations.ts';

// A subscription is a destination of the connector kind: what the connector hears of, and the state of hearing it.
const params = z.object({ id: idSchema('destination') });
const patchSchema = z.object({
  name: z.string().min(1).max(80).optional(),
  filter: subscriptionFilterSchema.optional(),
  state: z.enum(['active', 'paused']).optional(),
});

/** Which connectors hear of which changes. */
export function subscriptionRoutes({ store, hub }: { store: Store; hub: LiveHub }): FastifyPluginAsyncZod {
  const { db } = store;
  const list = z.object({ items: z.array(destinationSchema) });
  const query = z.object({ installationId: z.string().max(64).optional() });

  return async (app) => {
    app.get(
      '/api/subscriptions',
      { config: { access: 'viewer' }, schema: { querystring: query, response: { 200: list } } },
      async (request) => {
        const items = await listDestinations(db, request.actor.groupId, 'connector');
        const { installationId } = request.query;
        return {
          items: items.filter((item) => installationId === undefined || item.installationId === installationId),
        };
      },
    );

    app.get(
      '/api/subscriptions/:id',
      { config: { access: 'viewer' }, schema: { params, response: { 200: destinationSchema } } },
      async (request) => {
        const [found] = await listDestinations(db, request.actor.groupId, 'connector', request.params.id);
        if (found === undefined) throw new ApiError('NOT_FOUND', 'There is no such subscription');
        return found;
      },
    );

    app.post(
      '/api/subscriptions',
      { config: { access: 'admin' }, schema: { body: subscriptionInputSchema, response: { 201: destinationSchema } } },
      async (request, reply) => {
        const { actor, body } = request;
        const installation = await db
          .selectFrom('installations')
          .select(['installation_id', 'environment', 'manifest'])
          .where('group_id', '=', actor.groupId)
          .where('installation_id', '=', body.installationId as InstallationId)
          .where('removed_at', 'is', null)
          .executeTakeFirst();
        if (installation === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation');
        if (!installation.manifest.provides.includes('deliver'))
          throw new ApiError('CONFLICT', 'This plugin does not deliver; choose a connector');
        const id = await createDestination(db, {
          groupId: actor.groupId,
          kind: 'connector',
          name: body.name,
          environment: installation.environment,
          installationId: installation.installation_id,
          filter: body.filter,
        });
        await audit(db, actor, 'subscription.create', id, { installationId: installation.installation_id });
        hub.publish(actor.groupId, ['destinations']);
        const [made] = await listDestinations(db, actor.groupId, 'connector', id);
        if (made === undefined) throw new ApiError('CONFLICT', 'The subscription was removed meanwhile');
        return reply.code(201).send(made);
      },
    );

    app.patch(
      '/api/subscriptions/:id',
      { config: { access: 'admin' }, schema: { params, body: patchSchema, response: { 200: destinationSchema } } },
      async (request) => {
        const { actor, params } = request;
        const changed = await changeDestination(db, actor.groupId, params.id, 'connector', request.body);
        if (!changed) throw new ApiError('NOT_FOUND', 'There is no such subscription');
        await audit(db, actor, 'subscription.change', params.id, { fields: Object.keys(request.body) });
        hub.publish(actor.groupId, ['destinations']);
        await store.notify('deliveries');
        const [found] = await listDestinations(db, actor.groupId, 'connector', params.id);
        if (found === undefined) throw new ApiError('NOT_FOUND', 'There is no such subscription');
        return found;
      },
    );

    app.delete(
      '/api/subscriptions/:id',
      { config: { access: 'admin' }, schema: { params } },
      async (request, reply) => {
        const { actor, params } = request;
        const removed = await removeDestination(db, actor.groupId, params.id, 'connector');
        if (!removed) throw new ApiError('NOT_FOUND', 'There is no such subscription');
        await audit(db, actor, 'subscription.remove', params.id);
        hub.publish(actor.groupId, ['destinations', 'deliveries']);
        return reply.code(204).send();
      },
    );
  };
}

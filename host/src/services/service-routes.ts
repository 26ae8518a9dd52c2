import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { idSchema, newId, type GroupId, type ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import { serviceInputSchema, serviceSchema, type Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { Database } from '../store/schema.ts';
import { storableText } from '../store/storable.ts';
import { ensureDefaultService, readServices } from './service-queries.ts';

const params = z.object({ id: idSchema('service') });

interface ServiceRouteDeps {
  db: Kysely<Database>;
  hub: LiveHub;
  /** The door knows services by name. */
  invalidate: () => Promise<void>;
}

/** Services: what integrations and incidents belong to. Every group has a default one. */
export function serviceRoutes({ db, hub, invalidate }: ServiceRouteDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/services',
      { config: { access: 'viewer' }, schema: { response: { 200: pageSchema(serviceSchema) } } },
      async (request) => {
        await ensureDefaultService(db, request.actor.groupId);
        return { items: await readServices(db, request.actor.groupId), next: null };
      },
    );

    app.post(
      '/api/services',
      { config: { access: 'member' }, schema: { body: serviceInputSchema, response: { 201: serviceSchema } } },
      async (request, reply) => {
        const { actor, body } = request;
        const serviceId = newId('service');
        const { name, description } = body;
        await db.transaction().execute(async (trx) => {
          await trx
            .insertInto('services')
            .values({
              group_id: actor.groupId,
              service_id: serviceId,
              name: storableText(name),
              description: storableText(description),
            })
            .execute();
          await audit(trx, actor, 'service.create', serviceId, { name });
        });
        hub.publish(actor.groupId, ['integrations']);
        return reply.code(201).send(await readService(db, actor.groupId, serviceId));
      },
    );

    app.get(
      '/api/services/:id',
      { config: { access: 'viewer' }, schema: { params, response: { 200: serviceSchema } } },
      (request) => readService(db, request.actor.groupId, request.params.id),
    );

    app.patch(
      '/api/services/:id',
      {
        config: { access: 'member' },
        schema: {
          params,
          body: z.object({
            name: serviceInputSchema.shape.name.optional(),
            description: z.string().max(500).optional(),
          }),
          response: { 200: serviceSchema },
        },
      },
      async (request) => {
        const { actor, body } = request;
        const { id } = request.params;
        await readService(db, actor.groupId, id);
        await db.transaction().execute(async (trx) => {
          if (body.name !== undefined || body.description !== undefined)
            await trx
              .updateTable('services')
              .set({
                ...(body.name === undefined ? {} : { name: storableText(body.name) }),
                ...(body.description === undefined ? {} : { description: storableText(body.description) }),
              })
              .where('group_id', '=', actor.groupId)
              .where('service_id', '=', id)
              .execute();
          await audit(trx, actor, 'service.update', id, body);
        });
        await invalidate();
        hub.publish(actor.groupId, ['integrations', 'incidents']);
        return readService(db, actor.groupId, id);
      },
    );

    app.delete(
      '/api/services/:id',
      { config: { access: 'admin' }, schema: { params, response: { 204: z.null() } } },
      async (request, reply) => {
        const { actor } = request;
        const service = await readService(db, actor.groupId, request.params.id);
        if (service.isDefault) throw new ApiError('CONFLICT', 'The default service stays.');
        await db.transaction().execute(async (trx) => {
          if (await isUsed(trx, actor.groupId, request.params.id))
            throw new ApiError('CONFLICT', 'The service has integrations or incidents.');
          await trx
            .deleteFrom('services')
            .where('group_id', '=', actor.groupId)
            .where('service_id', '=', request.params.id)
            .execute();
          await audit(trx, actor, 'service.delete', request.params.id, { name: service.name });
        });
        hub.publish(actor.groupId, ['integrations']);
        return reply.code(204).send(null);
      },
    );
  };
}

async function readService(db: Kysely<Database>, groupId: GroupId, serviceId: ServiceId): Promise<Service> {
  const [service] = await readServices(db, groupId, serviceId);
  if (service === undefined) throw new ApiError('NOT_FOUND', 'There is no such service');
  return service;
}

/** Also by integrations that were removed: their requests and incidents still name it. */
async function isUsed(db: Kysely<Database>, groupId: GroupId, serviceId: ServiceId): Promise<boolean> {
  const integration = await db
    .selectFrom('integrations')
    .select('integration_id')
    .where('group_id', '=', groupId)
    .where('service_id', '=', serviceId)
    .executeTakeFirst();
  if (integration !== undefined) return true;
  const incident = await db
    .selectFrom('incidents')
    .select('incident_id')
    .where('group_id', '=', groupId)
    .where('service_id', '=', serviceId)
    .limit(1)
    .executeTakeFirst();
  return incident !== undefined;
}

import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { severitySchema } from '@patchbay/plugin-sdk/contract/event-payload';
import { environmentSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { idSchema } from '@patchbay/plugin-sdk/contract/ids';
import {
  incidentActionInputSchema,
  incidentDetailSchema,
  incidentSchema,
  incidentStatusSchema,
} from '@patchbay/plugin-sdk/contract/rest/incidents';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { ApiError } from '../api/api-error.ts';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { Store } from '../store/open-store.ts';
import { listIncidents, readIncident, readLinked, showIncident } from './incident-queries.ts';
import { actOnIncident, type OperatorAct } from './operator-acts.ts';

const params = z.object({ id: idSchema('incident') });
const several = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), item.transform((one) => [one])]).default([] as never);
const query = pageQuerySchema.extend({
  status: several(incidentStatusSchema),
  severity: several(severitySchema),
  serviceId: z.string().max(64).optional(),
  integrationId: z.string().max(64).optional(),
  environment: environmentSchema.optional(),
  type: z.string().max(200).optional(),
  dedupKey: z.string().max(8192).optional(),
  q: z.string().max(200).optional(),
});
const acts: readonly OperatorAct[] = ['acknowledge', 'resolve', 'reopen'];

interface IncidentRouteDeps {
  store: Store;
  hub: LiveHub;
  /** The order of receipt, shared with the door. */
  clock: { next(): number };
  publicUrl: string;
  /** How a long key is kept. */
  dedupKeyOf: (key: string) => string;
}

/** Incidents: what is wrong, what happened to it, and what people do with it. */
export function incidentRoutes(deps: IncidentRouteDeps): FastifyPluginAsyncZod {
  const { store, hub, clock, publicUrl, dedupKeyOf } = deps;
  const { db } = store;
  return async (app) => {
    app.get(
      '/api/incidents',
      { config: { access: 'viewer' }, schema: { querystring: query, response: { 200: pageSchema(incidentSchema) } } },
      async (request) => {
        const { groupId } = request.actor;
        const { cursor, limit, status, severity, dedupKey, ...rest } = request.query;
        const before = cursor === undefined ? undefined : decodeCursor(z.tuple([z.string().max(64)]), cursor)[0];
        const filter = {
          ...rest,
          statuses: status,
          severities: severity,
          dedupKey: dedupKey === undefined ? undefined : dedupKeyOf(dedupKey),
          before,
        };
        const rows = await listIncidents(db, groupId, filter, limit + 1);
        const linked = await readLinked(
          db,
          groupId,
          rows.map((row) => row.incident_id),
        );
        return cutPage(
          rows,
          limit,
          (row) => [row.incident_id],
          (row) => showIncident(row, linked.get(row.incident_id) ?? []),
        );
      },
    );

    app.get(
      '/api/incidents/:id',
      { config: { access: 'viewer' }, schema: { params, response: { 200: incidentDetailSchema } } },
      async (request) => {
        const incident = await readIncident(db, request.actor.groupId, request.params.id);
        if (incident === undefined) throw new ApiError('NOT_FOUND', 'There is no such incident');
        return incident;
      },
    );

    for (const act of acts)
      app.post(
        `/api/incidents/:id/${act}`,
        {
          config: { access: 'member' },
          schema: {
            params,
            body: incidentActionInputSchema.nullish(),
            response: { 200: incidentDetailSchema },
          },
        },
        async (request) => {
          const { actor } = request;
          const { id } = request.params;
          const changed = await actOnIncident(db, actor, id, act, request.body?.note, clock.next(), publicUrl);
          if (changed) {
            hub.publish(actor.groupId, ['incidents']);
            await store.notify('outbox').catch(() => undefined);
          }
          const incident = await readIncident(db, actor.groupId, id);
          if (incident === undefined) throw new ApiError('NOT_FOUND', 'There is no such incident');
          return incident;
        },
      );
  };
}

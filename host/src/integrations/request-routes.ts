import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { idSchema, isId, type GroupId, type IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import {
  requestDetailSchema,
  requestStates,
  requestSummarySchema,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import type { RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { ApiError } from '../api/api-error.ts';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import { audit } from '../identity/audit.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { Store } from '../store/open-store.ts';
import type { Database } from '../store/schema.ts';
import { findIntegration } from './integration-queries.ts';
import { redactRequest } from './redaction/redact-request.ts';
import { listRequests, readRequest, showRequest } from './request-queries.ts';

const params = z.object({ id: idSchema('request') });
const stateSchema = z.enum(requestStates);
const query = pageQuerySchema.extend({
  state: z.union([z.array(stateSchema), stateSchema.transform((one) => [one])]).default([]),
});

interface RequestRouteDeps {
  store: Store;
  hub: LiveHub;
  ingest: Pick<Ingest, 'receive' | 'replay'>;
}

/** The request log: what came in, what became of it and why, and again. */
export function requestRoutes({ store, hub, ingest }: RequestRouteDeps): FastifyPluginAsyncZod {
  const { db } = store;
  return async (app) => {
    app.get(
      '/api/integrations/:id/requests',
      {
        config: { access: 'viewer' },
        schema: {
          params: z.object({ id: idSchema('integration') }),
          querystring: query,
          response: { 200: pageSchema(requestSummarySchema) },
        },
      },
      async (request) => {
        const { groupId } = request.actor;
        const { cursor, limit, state } = request.query;
        const integrationId = request.params.id;
        const before = cursor === undefined ? undefined : decodeCursor(z.tuple([z.number()]), cursor)[0];
        const rows = await listRequests(db, groupId, { integrationId, states: state, before }, limit + 1);
        return cutPage(rows, limit, (row) => [row.received_order], showRequest);
      },
    );

    app.get(
      '/api/requests/:id',
      { config: { access: 'viewer' }, schema: { params, response: { 200: requestDetailSchema } } },
      async (request) => {
        const detail = await readRequest(db, request.actor.groupId, request.params.id);
        if (detail === undefined) throw new ApiError('NOT_FOUND', 'There is no such request');
        return redactRequest(detail);
      },
    );

    app.post(
      '/api/requests/:id/reveal',
      { config: { access: 'member' }, schema: { params, response: { 200: requestDetailSchema } } },
      async (request) => {
        const { actor, params } = request;
        const detail = await readRequest(db, actor.groupId, params.id);
        if (detail === undefined) throw new ApiError('NOT_FOUND', 'There is no such request');
        await audit(db, actor, 'request.reveal', params.id);
        return detail;
      },
    );

    app.post(
      '/api/requests/:id/replay',
      { config: { access: 'member' }, schema: { params, response: { 200: requestDetailSchema } } },
      async (request) => {
        const { actor } = request;
        const { id } = request.params;
        const before = await readRequest(db, actor.groupId, id);
        if (before === undefined) throw new ApiError('NOT_FOUND', 'There is no such request');
        if (before.state === 'refused')
          throw new ApiError('CONFLICT', 'A request that was refused at the door has no body to run again.');
        await audit(db, actor, 'request.replay', id);
        const replayed = (await ingest.replay(actor.groupId, id))
          ? id
          : await receiveAgain(db, ingest, actor.groupId, before);
        hub.publish(actor.groupId, ['requests', 'incidents']);
        await store.notify('outbox').catch(() => undefined);
        const detail =
          replayed !== null && isId('request', replayed) ? await readRequest(db, actor.groupId, replayed) : undefined;
        if (detail === undefined) throw new ApiError('CONFLICT', 'The request could not be run again now.');
        return redactRequest(detail);
      },
    );
  };
}

/** What has given its events comes in once more, as a request of its own that is received now. */
async function receiveAgain(
  db: Kysely<Database>,
  ingest: Pick<Ingest, 'receive'>,
  groupId: GroupId,
  request: RequestDetail,
): Promise<string | null> {
  if (request.state === 'pending') throw new ApiError('CONFLICT', 'The request is being tried again now.');
  const integration = await findIntegration(db, groupId, request.integrationId as IntegrationId);
  if (integration === undefined) throw new ApiError('CONFLICT', 'The integration was removed.');
  const answer = await ingest.receive(
    {
      type: integration.type,
      method: request.method as 'POST' | 'PUT' | 'GET',
      url: '',
      headers: request.headers,
      query: { ...request.query, integrationId: request.integrationId },
      body: 'text' in request.body ? Buffer.from(request.body.text) : Buffer.from(request.body.base64, 'base64'),
      address: request.remoteAddress,
    },
    'operator',
  );
  return answer.requestId;
}

import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { idSchema, isId, type IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import { healthLimits } from '@patchbay/plugin-sdk/contract/limits';
import {
  healthSchema,
  historySchema,
  integrationInputSchema,
  integrationPatchSchema,
  integrationSchema,
  rotateKeyInputSchema,
  rotateSecretInputSchema,
  rulesTriedSchema,
  testEventInputSchema,
  testEventResultSchema,
  tryRulesInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { hasRole, type Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import { audit } from '../identity/audit.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import type { RangesKeeper } from '../ingest/published-ranges/published-ranges.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { checkRules } from './check-rules.ts';
import { readHealth } from './health.ts';
import { readHistory } from './history.ts';
import { newIntegrationKey, putKey } from './integration-key.ts';
import { findIntegration, listIntegrations, showIntegration, type ShowIntegrationDeps } from './integration-queries.ts';
import {
  createIntegration,
  removeIntegration,
  updateIntegration,
  type SaveIntegrationDeps,
} from './save-integration.ts';
import { rotateSignatureSecret } from './signature-secret.ts';

const HOUR_MS = 60 * 60 * 1000;
const params = z.object({ id: idSchema('integration') });
/** Ids only: `/api/integrations/{type}` is the door. */
const ONE = '/api/integrations/:id(^int_[0-9a-z]{26}$)';
const query = pageQuerySchema.extend({
  serviceId: z.string().max(64).optional(),
  type: z.string().max(40).optional(),
});

const historyQuery = z.object({
  hours: z.coerce.number().int().min(1).max(healthLimits.historyHoursMax).default(healthLimits.historyHours),
});
const HEALTH = `How well alerts come in. \`global\` and \`byType\` are over all time. \`status\`, \`recent\` and
\`integrations\` are of the running hour and the ${healthLimits.statusHours - 1} before it: from
${healthLimits.healthyFromPercent} % healthy, from ${healthLimits.degradedFromPercent} % degraded, below unhealthy. Counted
are requests with a valid key or signature; who is turned away without one changes no status.`;
const HISTORY = 'What came in, hour by hour, oldest first; the last is the running one. Hours begin in UTC.';

export interface IntegrationRouteDeps extends ShowIntegrationDeps, SaveIntegrationDeps {
  readonly hub: LiveHub;
  readonly ingest: Pick<Ingest, 'receive' | 'invalidate' | 'checkRules' | 'tryRules'>;
  readonly ranges: Pick<RangesKeeper, 'refresh'>;
}

/** Integrations: the URLs and keys by which alerts come in. */
export function integrationRoutes(deps: IntegrationRouteDeps): FastifyPluginAsyncZod {
  const { db, vault, hub, ingest } = deps;

  async function show(actor: Actor, id: IntegrationId) {
    const row = await findIntegration(db, actor.groupId, id);
    if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such integration');
    return showIntegration(deps, row, hasRole(actor, 'member'));
  }

  async function changed(actor: Actor, id: IntegrationId): Promise<void> {
    await ingest.invalidate(id);
    hub.publish(actor.groupId, ['integrations']);
  }

  /** Fetches what the vendor publishes of its addresses, so that who asks sees at once whether that works. */
  async function refreshRanges(actor: Actor, id: IntegrationId, when: 'due' | 'now'): Promise<void> {
    const row = await findIntegration(db, actor.groupId, id);
    if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such integration');
    await deps.ranges.refresh(row.manifest.publishedRanges ?? [], when);
  }

  return async (app) => {
    app.get(
      '/api/integrations',
      {
        config: { access: 'viewer' },
        schema: { querystring: query, response: { 200: pageSchema(integrationSchema) } },
      },
      async (request) => {
        const { actor } = request;
        const { cursor, limit, serviceId, type } = request.query;
        const before = cursor === undefined ? undefined : decodeCursor(z.tuple([z.string().max(64)]), cursor)[0];
        const rows = await listIntegrations(db, actor.groupId, { serviceId, type, before }, limit + 1);
        const page = cutPage(
          rows,
          limit,
          (row) => [row.integration_id],
          (row) => row,
        );
        const withKey = hasRole(actor, 'member');
        return { ...page, items: await Promise.all(page.items.map((row) => showIntegration(deps, row, withKey))) };
      },
    );

    app.get(
      '/api/integrations/health',
      { config: { access: 'viewer' }, schema: { description: HEALTH, response: { 200: healthSchema } } },
      (request) => readHealth(db, request.actor.groupId, Date.now()),
    );

    app.post(
      '/api/integrations',
      { config: { access: 'member' }, schema: { body: integrationInputSchema, response: { 201: integrationSchema } } },
      async (request, reply) => {
        await checkRules(ingest, request.actor.groupId, request.body.rules);
        const id = await createIntegration(deps, request.actor, request.body);
        if (request.body.publishedOnly) await refreshRanges(request.actor, id, 'due');
        await changed(request.actor, id);
        return reply.code(201).send(await show(request.actor, id));
      },
    );

    app.get(
      ONE,
      { config: { access: 'viewer' }, schema: { params, response: { 200: integrationSchema } } },
      (request) => show(request.actor, request.params.id),
    );

    app.get(
      '/api/integrations/:id/history',
      {
        config: { access: 'viewer' },
        schema: { description: HISTORY, params, querystring: historyQuery, response: { 200: historySchema } },
      },
      async (request) => {
        const { groupId } = request.actor;
        const { id } = request.params;
        if ((await findIntegration(db, groupId, id)) === undefined)
          throw new ApiError('NOT_FOUND', 'There is no such integration');
        return readHistory(db, groupId, id, request.query.hours, Date.now());
      },
    );

    app.patch(
      ONE,
      {
        config: { access: 'member' },
        schema: { params, body: integrationPatchSchema, response: { 200: integrationSchema } },
      },
      async (request) => {
        const { actor, body } = request;
        await checkRules(ingest, actor.groupId, body.rules ?? []);
        await updateIntegration(deps, actor, request.params.id, body);
        if (body.publishedOnly === true) await refreshRanges(actor, request.params.id, 'due');
        await changed(actor, request.params.id);
        return show(actor, request.params.id);
      },
    );

    app.delete(
      ONE,
      { config: { access: 'member' }, schema: { params, response: { 204: z.null() } } },
      async (request, reply) => {
        await removeIntegration(db, request.actor, request.params.id);
        await changed(request.actor, request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/api/integrations/:id/rotate-key',
      {
        config: { access: 'member' },
        schema: { params, body: rotateKeyInputSchema.prefault({}), response: { 200: integrationSchema } },
      },
      async (request) => {
        const { actor } = request;
        const { id } = request.params;
        const { overlapHours } = request.body;
        const { environment } = await show(actor, id);
        const overlapUntil = new Date(Date.now() + overlapHours * HOUR_MS);
        const owner = { groupId: actor.groupId, integrationId: id, environment };
        await db.transaction().execute(async (trx) => {
          await putKey(trx, vault, owner, newIntegrationKey(), overlapUntil);
          await audit(trx, actor, 'integration.rotate-key', id, { overlapHours });
        });
        await changed(actor, id);
        return show(actor, id);
      },
    );

    app.post(
      '/api/integrations/:id/rotate-secret',
      {
        config: { access: 'member' },
        schema: { params, body: rotateSecretInputSchema, response: { 200: integrationSchema } },
      },
      async (request) => {
        const { actor } = request;
        const { id } = request.params;
        const { secret, overlapHours } = request.body;
        const { environment } = await show(actor, id);
        const overlapUntil = new Date(Date.now() + overlapHours * HOUR_MS);
        const owner = { groupId: actor.groupId, integrationId: id, environment };
        await db.transaction().execute(async (trx) => {
          await rotateSignatureSecret(trx, vault, owner, secret, overlapUntil);
          await audit(trx, actor, 'integration.rotate-secret', id, { overlapHours });
        });
        await changed(actor, id);
        return show(actor, id);
      },
    );

    app.post(
      '/api/integrations/:id/refresh-ranges',
      { config: { access: 'member' }, schema: { params, response: { 200: integrationSchema } } },
      async (request) => {
        const { actor, params } = request;
        await refreshRanges(actor, params.id, 'now');
        return show(actor, params.id);
      },
    );

    app.post(
      '/api/integrations/:id/rules/try',
      {
        config: { access: 'member' },
        schema: { params, body: tryRulesInputSchema, response: { 200: rulesTriedSchema } },
      },
      async ({ actor, params: { id }, body }) => {
        if ((await findIntegration(db, actor.groupId, id)) === undefined)
          throw new ApiError('NOT_FOUND', 'There is no such integration');
        await checkRules(ingest, actor.groupId, body.rules);
        if (body.event !== undefined) return ingest.tryRules(id, body.rules, { event: body.event });
        if (body.requestId === undefined || !isId('request', body.requestId))
          throw new ApiError('NOT_FOUND', 'There is no such request');
        return ingest.tryRules(id, body.rules, { requestId: body.requestId });
      },
    );

    app.post(
      '/api/integrations/:id/test',
      {
        config: { access: 'member' },
        schema: { params, body: testEventInputSchema.prefault({}), response: { 200: testEventResultSchema } },
      },
      async (request) => {
        const { actor } = request;
        const row = await findIntegration(db, actor.groupId, request.params.id);
        if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such integration');
        const sample = await deps.sampleFor({ id: row.plugin_id, version: row.plugin_version });
        const answer = await ingest.receive(
          {
            type: row.type,
            method: 'POST',
            url: request.url,
            headers: {
              ...(request.body.body === undefined ? sample.headers : {}),
              'content-type': request.body.contentType ?? sample.contentType,
              'user-agent': 'Patchbay test event',
            },
            query: { integrationId: row.integration_id },
            body: Buffer.from(request.body.body ?? sample.body),
            address: request.ip,
          },
          'operator',
        );
        return { requestId: answer.requestId ?? '', status: answer.status, response: parsed(answer.body) };
      },
    );
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

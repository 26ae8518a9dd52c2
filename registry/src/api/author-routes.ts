import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  deprecationInputSchema,
  ownPluginSchema,
  submissionListSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import { envelopeSchema } from '@patchbay/plugin-sdk/package/dsse';
import { deprecatePlugin } from '../catalogue/deprecate.ts';
import { listOwnPlugins } from '../catalogue/own-plugins.ts';
import { rotateKey } from '../publish/rotate-key.ts';
import { listSubmissions } from '../review/review-queue.ts';
import { actorName, type RouteDependencies } from './route-dependencies.ts';

const pluginParams = z.object({ namespace: z.string().max(40), name: z.string().max(40) });

/** What an author does with what is theirs. */
export function authorRoutes({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const author = { config: { access: 'author' } as object };

    app.get(
      '/api/registry/submissions/mine',
      {
        ...author,
        schema: {
          querystring: z.object({ plugin: z.string().max(80).optional() }),
          response: { 200: submissionListSchema },
        },
      },
      (request) => listSubmissions(registry, { submittedBy: actorName(request), plugin: request.query.plugin }),
    );

    app.get(
      '/api/registry/plugins/mine',
      { ...author, schema: { response: { 200: z.object({ items: z.array(ownPluginSchema) }) } } },
      async (request) => ({ items: await listOwnPlugins(registry, actorName(request)) }),
    );

    app.post(
      '/api/registry/plugins/:namespace/:name/deprecation',
      { ...author, schema: { params: pluginParams, body: deprecationInputSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        await deprecate(request.params, request.body, actorName(request));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/api/registry/plugins/:namespace/:name/deprecation',
      { ...author, schema: { params: pluginParams, response: { 204: z.null() } } },
      async (request, reply) => {
        await deprecate(request.params, null, actorName(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/api/registry/namespaces/:namespace/keys',
      {
        ...author,
        schema: {
          params: z.object({ namespace: z.string().max(40) }),
          body: z.object({ envelope: envelopeSchema }),
          response: { 200: z.object({ keyId: z.string(), replaced: z.string() }) },
        },
      },
      async (request) => {
        const outcome = await rotateKey(registry, request.params.namespace, request.body.envelope, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return { keyId: outcome.keyId, replaced: outcome.replaced };
      },
    );

    async function deprecate(
      { namespace, name }: z.output<typeof pluginParams>,
      deprecation: z.output<typeof deprecationInputSchema> | null,
      by: string,
    ): Promise<void> {
      const outcome = await deprecatePlugin(registry, `${namespace}/${name}`, deprecation, by);
      if (!outcome.ok) throw fail(outcome.code, outcome.message);
    }
  };
}

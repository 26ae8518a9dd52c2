import {
  reasonInputSchema,
  signOffConfirmedSchema,
  signOffListSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { confirmSignOff, listSignOffs, withdrawSignOff } from '../catalogue/sign-offs.ts';
import { actorName, type RouteDependencies } from './route-dependencies.ts';

const params = z.object({ id: z.string().max(64) });

/** Hard revocations of many installations: what waits for a second reviewer, who confirms or withdraws it. */
export function signOffRoutes({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const reviewer = { config: { access: 'reviewer' } as object };

    app.get(
      '/api/registry/sign-offs',
      { ...reviewer, schema: { response: { 200: signOffListSchema } } },
      async (request) => ({ items: await listSignOffs(registry, actorName(request)) }),
    );

    app.post(
      '/api/registry/sign-offs/:id/confirm',
      { ...reviewer, schema: { params, response: { 200: signOffConfirmedSchema } } },
      async (request) => {
        const outcome = await confirmSignOff(registry, request.params.id, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return { revoked: outcome.revoked };
      },
    );

    app.post(
      '/api/registry/sign-offs/:id/withdraw',
      { ...reviewer, schema: { params, body: reasonInputSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        const { reason } = request.body;
        const outcome = await withdrawSignOff(registry, request.params.id, reason, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(204).send(null);
      },
    );
  };
}

import { decisionLogHeadSchema, decisionLogPageSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { logHead, logPage } from '../log/read-log.ts';
import { forRole, type RouteDependencies } from './route-dependencies.ts';

/** The decision log for whoever wants to watch it: entries exactly as they were hashed and signed, and its head. */
export function logRoutes({ registry }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/registry/log/head',
      {
        ...forRole('viewer', 'The signed head of the decision log'),
        schema: { response: { 200: decisionLogHeadSchema } },
      },
      () => logHead(registry),
    );
    app.get(
      '/api/registry/log',
      {
        ...forRole('viewer', 'Entries of the decision log after a number, as they were hashed'),
        schema: {
          querystring: z.object({ after: z.coerce.number().int().min(0).default(0) }),
          response: { 200: decisionLogPageSchema },
        },
      },
      ({ query }) => logPage(registry, query.after),
    );
  };
}

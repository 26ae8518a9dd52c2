import {
  pluginReportListSchema,
  reportDecisionSchema,
  reportInputSchema,
  reportStates,
} from '@patchbay/plugin-sdk/contract/rest/reports';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decideReport } from '../moderation/decide-report.ts';
import { listReports } from '../moderation/list-reports.ts';
import { reportPlugin } from '../moderation/report-plugin.ts';
import { actorName, type RouteDependencies } from './route-dependencies.ts';

/** Whoever has signed in reports a version; reviewers read and decide. */
export function reportRoutes({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const viewer = { config: { access: 'viewer' } as object };
    const reviewer = { config: { access: 'reviewer' } as object };

    app.post(
      '/api/registry/plugins/:namespace/:name/reports',
      {
        ...viewer,
        schema: {
          params: z.object({ namespace: z.string().max(40), name: z.string().max(40) }),
          body: reportInputSchema,
          response: { 201: z.object({ id: z.string() }) },
        },
      },
      async (request, reply) => {
        const { namespace, name } = request.params;
        const outcome = await reportPlugin(registry, `${namespace}/${name}`, request.body, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(201).send({ id: outcome.id });
      },
    );

    app.get(
      '/api/registry/reports',
      {
        ...reviewer,
        schema: {
          querystring: z.object({ state: z.enum(reportStates).default('open') }),
          response: { 200: pluginReportListSchema },
        },
      },
      async ({ query }) => ({ items: await listReports(registry, query.state) }),
    );

    app.post(
      '/api/registry/reports/:id/decision',
      {
        ...reviewer,
        schema: {
          params: z.object({ id: z.string().max(64) }),
          body: reportDecisionSchema,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const outcome = await decideReport(registry, request.params.id, request.body, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(204).send(null);
      },
    );
  };
}

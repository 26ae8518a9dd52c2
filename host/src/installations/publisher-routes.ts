import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { publisherAgreementSchema, publisherNoticeSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import type { InstallationDependencies } from './install-plugin.ts';
import { agreeToPublisher, openNotices } from './publisher-notices.ts';

/** What became of the publishers of what is installed, and the agreement to it. */
export function publisherRoutes(deps: Pick<InstallationDependencies, 'db' | 'hub'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/publisher-notices',
      {
        config: { access: 'viewer' },
        schema: { response: { 200: z.object({ items: z.array(publisherNoticeSchema) }) } },
      },
      async ({ actor }) => ({ items: await openNotices(deps.db, actor.groupId) }),
    );
    app.post(
      '/api/publisher-notices/:namespace/agree',
      {
        config: { access: 'admin' },
        schema: {
          params: z.object({ namespace: z.string().max(40) }),
          body: publisherAgreementSchema,
          response: { 204: z.null() },
        },
      },
      async ({ actor, params, body }, reply) => {
        await agreeToPublisher(deps, actor, params.namespace, body.upTo);
        return reply.code(204).send(null);
      },
    );
  };
}

import { idSchema } from '@patchbay/plugin-sdk/contract/ids';
import { ownPluginErrorsSchema, pluginRunsListSchema, releasedSchema } from '@patchbay/plugin-sdk/contract/rest/runs';
import type { ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { Database } from '../store/schema.ts';
import type { CallErrors } from './call-errors.ts';
import { metricsText } from './metrics-text.ts';
import { ownPluginErrors } from './own-plugin-errors.ts';
import { pluginRuns } from './plugin-runs.ts';
import { dropQuarantine } from './quarantine-store.ts';

const params = z.object({ id: idSchema('installation') });
/** The version of the format is part of the type. */
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

/** What plugins did, for people and for Prometheus, and the way out of quarantine. Everybody sees their own group. */
export function runRoutes({
  db,
  sandbox,
  callErrors,
  ownPlugins,
}: {
  db: Kysely<Database>;
  sandbox: Pick<ProcessSandbox, 'statistics' | 'release'>;
  callErrors: CallErrors;
  /** The plugins in the namespaces of a person, in the registry of this host. */
  ownPlugins: (request: object) => Promise<string[]>;
}): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/plugin-runs',
      { config: { access: 'viewer' }, schema: { response: { 200: pluginRunsListSchema } } },
      async ({ actor }) => ({ items: await pluginRuns(db, sandbox, callErrors, actor.groupId) }),
    );

    app.get(
      '/api/plugin-runs/mine',
      { config: { access: 'author' }, schema: { response: { 200: ownPluginErrorsSchema } } },
      async (request) => ownPluginErrors(db, sandbox, callErrors, await ownPlugins(request)),
    );

    app.get('/metrics', { config: { access: 'viewer' }, logLevel: 'warn' }, async ({ actor }, reply) =>
      reply.type(PROMETHEUS).send(metricsText(await pluginRuns(db, sandbox, callErrors, actor.groupId))),
    );

    app.post(
      '/api/installations/:id/release',
      { config: { access: 'admin' }, schema: { params, response: { 200: releasedSchema } } },
      async ({ actor, params: { id } }) => {
        const installation = await db
          .selectFrom('installations')
          .select(['module_sha256', 'plugin_id', 'version'])
          .where('group_id', '=', actor.groupId)
          .where('installation_id', '=', id)
          .where('removed_at', 'is', null)
          .executeTakeFirst();
        if (installation === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
        const dropped = await dropQuarantine(db, actor.groupId, id);
        const released = sandbox.release(installation.module_sha256, id) || dropped;
        if (released)
          await audit(db, actor, 'plugin.release', id, {
            plugin: installation.plugin_id,
            version: installation.version,
          });
        return { released };
      },
    );
  };
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { idSchema, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import {
  consentPreviewSchema,
  consentSchema,
  earlyUpdateConfirmationSchema,
  earlyUpdateInputSchema,
  installationInputSchema,
  installationPatchSchema,
  installationRollbackSchema,
  installationSchema,
  installationUpdateSchema,
  type Installation,
} from '@patchbay/plugin-sdk/contract/rest/plugins';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { ApiError } from '../api/api-error.ts';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import { changeInstallation, removeInstallation } from './change-installation.ts';
import { askForEarlyUpdate, confirmEarlyUpdate } from './early-updates.ts';
import { checkedSettings, installPlugin, type InstallationDependencies } from './install-plugin.ts';
import { showInstallations, type InstallationRow } from './show-installation.ts';
import { rollBackInstallation, updateInstallation } from './update-installation.ts';

const params = z.object({ id: idSchema('installation') });
const cursorSchema = z.tuple([z.string()]);

/** What is installed in a group: list, install, change, update, roll back, remove. */
export function installationRoutes(deps: InstallationDependencies): FastifyPluginAsyncZod {
  const { db } = deps;

  const present = (groupId: GroupId) =>
    db.selectFrom('installations').selectAll().where('group_id', '=', groupId).where('removed_at', 'is', null);

  async function shown(groupId: GroupId, id: InstallationId): Promise<Installation> {
    const row = await present(groupId).where('installation_id', '=', id).executeTakeFirst();
    const [installation] = row === undefined ? [] : await showInstallations(deps, groupId, [row]);
    if (installation === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
    return installation;
  }

  return async (app) => {
    app.get(
      '/api/installations',
      {
        config: { access: 'viewer' },
        schema: { querystring: pageQuerySchema, response: { 200: pageSchema(installationSchema) } },
      },
      async ({ actor, query }) => {
        let rows = present(actor.groupId);
        if (query.cursor !== undefined)
          rows = rows.where('installation_id', '<', decodeCursor(cursorSchema, query.cursor)[0] as InstallationId);
        const found: InstallationRow[] = await rows
          .orderBy('installation_id', 'desc')
          .limit(query.limit + 1)
          .execute();
        const page = cutPage(
          found,
          query.limit,
          (row) => [row.installation_id],
          (row) => row,
        );
        return { items: await showInstallations(deps, actor.groupId, page.items), next: page.next };
      },
    );

    app.post(
      '/api/installations',
      { config: { access: 'admin' }, schema: { body: installationInputSchema, response: { 201: installationSchema } } },
      async ({ actor, body }, reply) => {
        const id = await installPlugin(deps, actor, body);
        return reply.code(201).send(await shown(actor.groupId, id));
      },
    );

    app.get(
      '/api/installations/:id',
      { config: { access: 'viewer' }, schema: { params, response: { 200: installationSchema } } },
      (request) => shown(request.actor.groupId, request.params.id),
    );

    app.post(
      '/api/installations/:id/consent',
      {
        config: { access: 'admin' },
        schema: { params, body: consentPreviewSchema, response: { 200: consentSchema } },
      },
      async ({ actor, params: { id }, body }) => {
        const row = await present(actor.groupId).where('installation_id', '=', id).executeTakeFirst();
        if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
        return consentOf(row.manifest, checkedSettings(row.manifest, body.configuration));
      },
    );

    app.patch(
      '/api/installations/:id',
      {
        config: { access: 'admin' },
        schema: { params, body: installationPatchSchema, response: { 200: installationSchema } },
      },
      async (request) => {
        await changeInstallation(deps, request.actor, request.params.id, request.body);
        return shown(request.actor.groupId, request.params.id);
      },
    );

    app.post(
      '/api/installations/:id/update',
      {
        config: { access: 'admin' },
        schema: { params, body: installationUpdateSchema, response: { 200: installationSchema } },
      },
      async (request) => {
        await updateInstallation(deps, request.actor, request.params.id, request.body);
        return shown(request.actor.groupId, request.params.id);
      },
    );

    app.post(
      '/api/installations/:id/early-update',
      {
        config: { access: 'admin' },
        schema: { params, body: earlyUpdateInputSchema, response: { 200: installationSchema } },
      },
      async (request) => {
        await askForEarlyUpdate(deps, request.actor, request.params.id, request.body);
        return shown(request.actor.groupId, request.params.id);
      },
    );

    app.post(
      '/api/installations/:id/early-update/confirm',
      {
        config: { access: 'admin' },
        schema: { params, body: earlyUpdateConfirmationSchema, response: { 200: installationSchema } },
      },
      async (request) => {
        await confirmEarlyUpdate(deps, request.actor, request.params.id, request.body.version);
        return shown(request.actor.groupId, request.params.id);
      },
    );

    app.post(
      '/api/installations/:id/rollback',
      {
        config: { access: 'admin' },
        schema: { params, body: installationRollbackSchema, response: { 200: installationSchema } },
      },
      async (request) => {
        await rollBackInstallation(deps, request.actor, request.params.id, request.body.reason);
        return shown(request.actor.groupId, request.params.id);
      },
    );

    app.delete(
      '/api/installations/:id',
      { config: { access: 'admin' }, schema: { params } },
      async (request, reply) => {
        await removeInstallation(deps, request.actor, request.params.id);
        return reply.code(204).send();
      },
    );
  };
}

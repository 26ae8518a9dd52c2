import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { capturedSecrets } from '@patchbay/plugin-sdk/contract/captured-secrets';
import { apiLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { pluginCardSchema, pluginDetailSchema, type PluginCard } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { catalogueSorts, type CatalogueEntry, type Release } from '@patchbay/registry/api/registry-resources';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { registryProblem } from './registry-problem.ts';
import { iconPath } from './show-installation.ts';

const params = z.object({ namespace: z.string().max(40), name: z.string().max(40) });
const versionQuery = z.object({ version: z.string().max(64).optional() });
const listQuery = z.object({
  q: z.string().max(100).optional(),
  category: z.string().max(40).optional(),
  provides: z.string().max(40).optional(),
  sort: z.enum(catalogueSorts).default('installs'),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(apiLimits.pageSizeMax).default(apiLimits.pageSize),
});

/** What can be installed: the registry's catalogue, joined with what the group has installed. */
export function pluginRoutes({ db, client }: { db: Kysely<Database>; client: RegistryClient }): FastifyPluginAsyncZod {
  async function release(plugin: string, version: string | undefined): Promise<Release> {
    const found = await fromRegistry(() => client.detail(plugin, version));
    if (found === undefined)
      throw new ApiError(
        'PLUGIN_NOT_FOUND',
        `The registry has no ${plugin}${version === undefined ? '' : ` ${version}`}.`,
      );
    return found;
  }

  return async (app) => {
    app.get(
      '/api/plugins',
      {
        config: { access: 'viewer' },
        schema: { querystring: listQuery, response: { 200: pageSchema(pluginCardSchema) } },
      },
      async ({ actor, query }) => {
        const page = await fromRegistry(() => client.list(query));
        if (page === undefined)
          throw new ApiError('BODY_INVALID', 'The cursor is not valid; start from the first page.');
        const installed = await installedVersions(db, actor.groupId);
        return { items: page.items.map((entry) => card(entry, installed)), next: page.next };
      },
    );

    app.get(
      '/api/plugins/:namespace/:name',
      {
        config: { access: 'viewer' },
        schema: { params, querystring: versionQuery, response: { 200: pluginDetailSchema } },
      },
      async ({ actor, params: { namespace, name }, query }) => {
        const found = await release(`${namespace}/${name}`, query.version);
        const { manifest } = found;
        const captured = capturedSecrets(manifest);
        const entry = {
          ...manifest,
          ...found,
          vendor: manifest.vendor ?? null,
          integrationType: manifest.integrationType ?? null,
        };
        return {
          ...card(entry, await installedVersions(db, actor.groupId)),
          readme: found.readme,
          changelog: found.changelog,
          licence: manifest.licence,
          homepage: manifest.homepage ?? null,
          hostApi: manifest.hostApi,
          permissions: manifest.permissions,
          secrets: manifest.secrets.filter(({ name }) => !captured.has(name)),
          configuration: manifest.configuration,
          authentication: manifest.authentication,
          senderTemplate: manifest.senderTemplate ?? null,
          consent: consentOf(manifest),
          sha256: found.sha256,
          signedBy: { author: found.author.keyId, registry: found.registry.keyId },
          imports: found.imports,
          versions: found.versions,
          checks: found.checks,
        };
      },
    );

    app.get(
      '/api/plugins/:namespace/:name/icon',
      { config: { access: 'viewer' }, schema: { params, querystring: versionQuery } },
      async ({ params: { namespace, name }, query }, reply) => {
        const { icon } = await release(`${namespace}/${name}`, query.version);
        // The registry has checked the drawing; should it ever have erred, the browser is told to run none of it.
        void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        void reply.header(
          'cache-control',
          query.version === undefined ? 'private, max-age=300' : 'private, max-age=86400, immutable',
        );
        return reply.type('image/svg+xml').send(icon);
      },
    );
  };
}

function card(
  entry: Omit<CatalogueEntry, 'id'> & { id: string },
  installed: ReadonlyMap<string, { id: string; version: string }>,
): PluginCard {
  const { id, version, name, summary, vendor, categories, provides, integrationType, installs, updatedAt } = entry;
  return {
    ...{ id, version, name, summary, vendor, categories, provides, integrationType, installs, updatedAt },
    icon: iconPath(id, version),
    publisher: { namespace: id.slice(0, id.indexOf('/')), firstParty: entry.firstParty },
    rating: { average: null, count: 0 },
    deprecated: entry.deprecated,
    installed: installed.get(id) ?? null,
  };
}

/** The newest installation of each plugin in the group. */
async function installedVersions(
  db: Kysely<Database>,
  groupId: GroupId,
): Promise<Map<string, { id: string; version: string }>> {
  const rows = await db
    .selectFrom('installations')
    .select(['plugin_id', 'installation_id', 'version'])
    .where('group_id', '=', groupId)
    .where('removed_at', 'is', null)
    .orderBy('installation_id')
    .execute();
  return new Map(rows.map((row) => [row.plugin_id, { id: row.installation_id, version: row.version }]));
}

async function fromRegistry<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw registryProblem(error);
  }
}

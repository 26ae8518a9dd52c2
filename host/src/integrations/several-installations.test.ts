import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { integrationInputSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import type { Actor } from '../api/access.ts';
import { exclusiveType } from '../installations/served-type.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createIntegration } from './save-integration.ts';

const manifest = manifestSchema.parse({
  id: 'acme/tracker',
  version: '1.0.0',
  hostApi: '^1.0.0',
  name: 'Tracker',
  summary: 'Takes requests and delivers',
  licence: 'Apache-2.0',
  categories: ['ticketing'],
  provides: ['ingest', 'deliver'],
  integrationType: 'tracker',
  configuration: { properties: { siteUrl: { type: 'string', title: 'Site' } }, required: ['siteUrl'] },
});

async function install({ db }: Store, groupId: GroupId, state: 'enabled' | 'disabled') {
  const id = newId('installation');
  await db
    .insertInto('installations')
    .values({
      group_id: groupId,
      installation_id: id,
      plugin_id: manifest.id,
      version: manifest.version,
      module_sha256: '',
      package_sha256: '',
      manifest: JSON.stringify(manifest),
      integration_type: exclusiveType(manifest),
      environment: 'production',
      state,
      configuration: JSON.stringify({ siteUrl: 'https://a.example' }),
      consent_digest: '',
      installed_by: 'test',
    })
    .execute();
  return id;
}

eachDatabase('several installations of a plugin that takes requests and delivers', (newDatabase) => {
  it('stand side by side in a group, and one that is enabled serves the type', async () => {
    const store = await openStore(await newDatabase());
    try {
      const groupId = newId('group');
      const serviceId = newId('service');
      await store.db.insertInto('groups').values({ group_id: groupId, name: 'Test' }).execute();
      await store.db
        .insertInto('services')
        .values({ group_id: groupId, service_id: serviceId, name: 'Default' })
        .execute();
      const deps = {
        db: store.db,
        vault: createVault(randomBytes(32)),
        findPluginForType: async () => Promise.resolve(undefined),
      };
      const input = integrationInputSchema.parse({ type: 'tracker', name: 'Tracker', serviceId });
      const create = () => createIntegration(deps, { groupId, name: 'user:ann', userId: 'ann' } as Actor, input);
      await expect(create()).rejects.toMatchObject({ code: 'TYPE_NOT_INSTALLED' });
      await install(store, groupId, 'disabled');
      await expect(create()).rejects.toMatchObject({ code: 'TYPE_NOT_INSTALLED' });
      const enabled = await install(store, groupId, 'enabled');
      await install(store, groupId, 'enabled');
      const id = await create();
      expect(
        await store.db
          .selectFrom('integrations')
          .select(['installation_id', 'type'])
          .where('integration_id', '=', id)
          .execute(),
      ).toEqual([{ installation_id: enabled, type: 'tracker' }]);
    } finally {
      await store.close();
    }
  });
});

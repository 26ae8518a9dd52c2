import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { writeArchive } from '@patchbay/plugin-sdk/package/write-archive';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { yankVersion } from '@patchbay/registry/catalogue/yank';
import { createRegistryClient } from '@patchbay/registry/client/registry-client';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { installationRoutes } from './installation-routes.ts';
import { manifestOfModule } from './installation-versions.ts';
import { createModuleStore } from './module-store.ts';
import { pluginRoutes } from './plugin-routes.ts';
import { registryTrust } from './registry-trust.ts';

const author = generateSigningKey();

/** The same package, whose fixtures are run with these settings. */
async function withFixtureSettings(made: TestPackage, configuration: object): Promise<TestPackage> {
  const files = new Map(made.files);
  for (const [path, content] of made.files)
    if (path.startsWith('fixtures/'))
      files.set(path, Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(content).toString()), configuration })));
  const bytes = await writeArchive(files);
  return { ...made, files, bytes, sha256: sha256(bytes) };
}

eachDatabase('another version of an installed plugin', (newDatabase) => {
  const checkTools = keptCheckTools();
  let folder: string;
  let store: Store;
  let registry: Registry;
  let app: FastifyInstance;
  let changes = 0;
  const groupId: GroupId = newId('group');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-update-'));
    store = await openStore(await newDatabase());
    const { db } = store;
    await db.insertInto('groups').values({ group_id: groupId, name: 'First' }).execute();
    registry = await openRegistry({ db: db as never, folder, checkTools });
    const client = createRegistryClient({ request: directRequest(registry), trust: registryTrust(store.db) });
    const modules = createModuleStore(folder);
    const deps = {
      db,
      vault: createVault(Buffer.alloc(32, 1)),
      client,
      modules,
      hub: createLiveHub(),
      cooldownHours: 0,
    };
    app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) => {
      if (error instanceof ApiError) return reply.code(error.status).send(error.envelope());
      throw error;
    });
    const actor = { groupId, name: 'user:ann', userId: 'ann' } as Actor;
    app.decorateRequest('actor', { getter: () => actor });
    await app.register(installationRoutes({ ...deps, changed: () => (changes += 1) }) as never);
    await app.register(pluginRoutes({ db, client }) as never);
  });
  afterAll(async () => {
    await app.close();
    await closePluginRuns();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    return { status: answer.statusCode, body: answer.body === '' ? null : JSON.parse(answer.body) };
  };
  const publish = async (
    id: string,
    manifest: Partial<ManifestInput>,
    template: 'ingest' | 'connector',
    configuration?: object,
  ) => {
    const plain = await makePackage(id, manifest, template);
    const made = configuration === undefined ? plain : await withFixtureSettings(plain, configuration);
    const outcome = await publishPackage(registry, {
      bytes: made.bytes,
      envelope: releaseEnvelope(made, author),
      publicKey: author.publicKey,
      publisher: { name: 'user:ann', claims: true },
    });
    if (!outcome.ok) throw new Error(outcome.message);
    // Secrets are of high risk: two have to look.
    await approveSubmission(registry, outcome.submissionId, 'user:rita');
    await approveSubmission(registry, outcome.submissionId, 'user:rob');
  };
  const consentTo = async (plugin: string, version: string): Promise<string> =>
    (await call('GET', `/api/plugins/${plugin}?version=${version}`)).body.consent.digest;
  const update = async (id: string, plugin: string, version: string, more: object = {}) =>
    call('POST', `/api/installations/${id}/update`, { version, consent: await consentTo(plugin, version), ...more });
  const rowOf = (id: string) =>
    store.db
      .selectFrom('installations')
      .selectAll()
      .where('installation_id', '=', id as InstallationId)
      .executeTakeFirstOrThrow();

  const site = { type: 'string', title: 'Site', format: 'uri' } as const;
  const room = { type: 'string', title: 'Room' } as const;
  const secret = (name: string, title: string) => ({
    name,
    title,
    required: true,
    credential: { kind: 'bearer', host: { configuration: 'siteUrl' } } as const,
  });
  let teller = '';

  it('is refused while consent, settings or secrets do not fit it', async () => {
    await publish('acme/teller', {}, 'connector');
    const form = { properties: { siteUrl: site, room }, required: ['siteUrl', 'room'] };
    const secrets = [secret('apiToken', 'API token'), secret('roomKey', 'Room key')];
    await publish('acme/teller', { version: '1.1.0', configuration: form, secrets }, 'connector', {
      siteUrl: 'https://api.example.com',
      room: 'ops',
    });
    const installed = await call('POST', '/api/installations', {
      plugin: 'acme/teller',
      version: '1.0.0',
      consent: await consentTo('acme/teller', '1.0.0'),
      configuration: { siteUrl: 'https://api.example.com' },
      secrets: { apiToken: 'hunter2-hunter2' },
    });
    expect(installed.body).toMatchObject({ version: '1.0.0', updateAvailable: '1.1.0', previousVersion: null });
    teller = installed.body.id;

    const refused = async (version: string, more: object = {}) =>
      (await update(teller, 'acme/teller', version, more)).body.error;
    const old = await consentTo('acme/teller', '1.0.0');
    expect(await refused('1.1.0', { consent: old })).toMatchObject({ code: 'CONSENT_STALE' });
    expect(await refused('1.0.0')).toMatchObject({ code: 'CONFLICT' });
    expect(await refused('1.1.0')).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      details: [{ path: 'configuration.room' }],
    });
    const configuration = { siteUrl: 'https://b.example.com', room: 'ops' };
    expect(await refused('1.1.0', { configuration })).toMatchObject({ details: [{ path: 'secrets.roomKey' }] });
    expect(await refused('1.1.0', { configuration, secrets: { other: 'x' } })).toMatchObject({
      details: [{ path: 'secrets.other' }],
    });
    expect(await rowOf(teller)).toMatchObject({ version: '1.0.0' });
    const left = await store.db.selectFrom('installation_versions').selectAll().execute();
    expect(left).toEqual([]);
  });

  it('replaces what runs, enables it, and is written down', async () => {
    const before = await rowOf(teller);
    await store.db.updateTable('installations').set({ state: 'quarantined' }).execute();
    expect(await call('PATCH', `/api/installations/${teller}`, { state: 'enabled' })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('Update to another version') } },
    });
    await store.db
      .insertInto('plugin_store')
      .values({
        group_id: groupId,
        installation_id: before.installation_id,
        key: 'a',
        version: 3,
        value: '1',
        bytes: 1,
      })
      .execute();
    const heard = changes;
    const more = {
      configuration: { siteUrl: 'https://b.example.com', room: 'ops' },
      secrets: { roomKey: 'hunter3-hunter3' },
    };
    expect(await update(teller, 'acme/teller', '1.1.0', more)).toMatchObject({
      status: 200,
      body: {
        ...{ version: '1.1.0', state: 'enabled', previousVersion: '1.0.0', updateAvailable: null },
        ...{ configuration: more.configuration, secretsSet: ['apiToken', 'roomKey'] },
      },
    });
    expect(changes).toBe(heard + 1);
    const log = await store.db
      .selectFrom('audit_log')
      .select('details')
      .where('action', '=', 'installation.upgrade')
      .executeTakeFirstOrThrow();
    expect(log.details).toMatchObject({ from: '1.0.0', to: '1.1.0', was: 'quarantined' });
    expect(JSON.stringify(log.details)).toContain('registry signature');
    expect(JSON.stringify(log.details)).not.toContain('hunter3');
    // A call that began with the old module goes on under the old manifest.
    const begunWith = await manifestOfModule(store.db, groupId, before.installation_id, before.module_sha256);
    expect(begunWith).toMatchObject({ version: '1.0.0' });
  });

  it('is gone back from, with settings and store as they were, once', async () => {
    const row = await rowOf(teller);
    await store.db.updateTable('plugin_store').set({ value: '2' }).where('key', '=', 'a').execute();
    await store.db
      .insertInto('plugin_store')
      .values({ group_id: groupId, installation_id: row.installation_id, key: 'b', version: 1, value: '1', bytes: 1 })
      .execute();
    // Yanked meanwhile: who had it may have it again.
    await yankVersion(registry, 'acme/teller', '1.0.0', 'old', 'user:ann');
    expect(await call('POST', `/api/installations/${teller}/rollback`, { reason: 'It tells nobody.' })).toMatchObject({
      status: 200,
      body: { version: '1.0.0', state: 'enabled', configuration: { siteUrl: 'https://api.example.com' } },
    });
    expect(await store.db.selectFrom('plugin_store').select(['key', 'version', 'value']).execute()).toEqual([
      { key: 'a', version: 3, value: 1 },
    ]);
    const again = await call('POST', `/api/installations/${teller}/rollback`, {});
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
    const begunWith = await manifestOfModule(store.db, groupId, row.installation_id, row.module_sha256);
    expect(begunWith).toMatchObject({ version: '1.1.0' });
    await yankVersion(registry, 'acme/teller', '1.0.0', null, 'user:ann');
  });

  it('happens once when two ask at the same time', async () => {
    const more = { configuration: { siteUrl: 'https://b.example.com', room: 'ops' } };
    const both = await Promise.all([1, 2].map(() => update(teller, 'acme/teller', '1.1.0', more)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await call('DELETE', `/api/installations/${teller}`)).status).toBe(204);
    const valid = await store.db
      .selectFrom('secrets')
      .select('name')
      .where('owner_id', '=', teller)
      .where('valid_until', 'is', null)
      .execute();
    expect(valid).toEqual([]);
  });

  it('serves the integrations that there are, or is refused', async () => {
    await publish('acme/probe', { integrationType: 'probe' }, 'ingest');
    const consent = await consentTo('acme/probe', '1.0.0');
    const { body } = await call('POST', '/api/installations', { plugin: 'acme/probe', consent });
    const serviceId = newId('service');
    await store.db.insertInto('services').values({ group_id: groupId, service_id: serviceId, name: 'Shop' }).execute();
    await store.db
      .insertInto('integrations')
      .values({
        ...{ group_id: groupId, integration_id: newId('integration'), service_id: serviceId },
        ...{ installation_id: body.id, type: 'probe', name: 'Mine', environment: 'production', state: 'enabled' },
        ...{ settings: '{"severity":"warning"}', rate_per_minute: 100 },
      })
      .execute();
    const settingsNow = async () =>
      (await store.db.selectFrom('integrations').select('settings').executeTakeFirstOrThrow()).settings;

    await publish('acme/probe', { version: '1.1.0', integrationType: 'other' }, 'ingest');
    expect(await update(body.id, 'acme/probe', '1.1.0')).toMatchObject({
      status: 409,
      body: { error: { code: 'PLUGIN_IN_USE', message: expect.stringContaining('Mine') } },
    });
    const form = { properties: { room }, required: ['room'] };
    await publish('acme/probe', { version: '2.0.0', integrationType: 'probe', configuration: form }, 'ingest', {
      room: 'ops',
    });
    expect(await update(body.id, 'acme/probe', '2.0.0')).toMatchObject({
      status: 422,
      body: { error: { details: [{ path: 'configuration.room', message: expect.stringContaining('Mine') }] } },
    });
    const done = await update(body.id, 'acme/probe', '2.0.0', { configuration: { room: 'ops' } });
    expect(done).toMatchObject({ status: 200, body: { version: '2.0.0' } });
    expect(await settingsNow()).toEqual({ room: 'ops' });
    expect((await call('POST', `/api/installations/${body.id}/rollback`, {})).status).toBe(200);
    expect(await settingsNow()).toEqual({ severity: 'warning' });
  });

  it('says that there is nothing to update', async () => {
    const nothing = newId('installation');
    for (const act of ['update', 'rollback'])
      expect(
        await call('POST', `/api/installations/${nothing}/${act}`, { version: '1.0.0', consent: 'x' }),
      ).toMatchObject({ status: 404 });
  });
});

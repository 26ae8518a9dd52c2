import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { createRegistryClient } from '@patchbay/registry/client/registry-client';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { ApiError } from '../api/api-error.ts';
import type { Actor } from '../api/access.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import {
  installFirstParty,
  publishFirstParty,
  type InstallOptions,
  type PublishOptions,
} from './bootstrap-first-party.ts';
import { installationRoutes } from './installation-routes.ts';
import { createModuleStore, type ModuleStore } from './module-store.ts';
import { pluginRoutes } from './plugin-routes.ts';
import { registryTrust } from './registry-trust.ts';

const author = generateSigningKey();
const tellerSettings = {
  properties: { siteUrl: { type: 'string', format: 'uri', title: 'Address' }, room: { type: 'string', title: 'Room' } },
  required: ['siteUrl'],
} as const satisfies ManifestInput['configuration'];

eachDatabase('installations', (newDatabase) => {
  const checkTools = keptCheckTools();
  let folder: string;
  let store: Store;
  let registry: Registry;
  let modules: ModuleStore;
  let app: FastifyInstance;
  let options: PublishOptions & InstallOptions;
  let groupId: GroupId;
  const heard: string[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-installations-'));
    store = await openStore(await newDatabase());
    const { db } = store;
    groupId = newId('group');
    await db.insertInto('groups').values({ group_id: groupId, name: 'First' }).execute();
    registry = await openRegistry({ db: db as never, folder, checkTools });
    modules = createModuleStore(folder);
    const client = createRegistryClient({ request: directRequest(registry), trust: registryTrust(store.db) });
    const hub = createLiveHub();
    hub.subscribe(groupId, (topics) => heard.push(...topics));
    const deps = { db, vault: createVault(Buffer.alloc(32, 1)), client, modules, hub, cooldownHours: 0 };
    const pluginsFolder = join(folder, 'plugins');
    options = { ...deps, registry, pluginsFolder, dataFolder: folder, groupId, progress: (line) => lines.push(line) };

    app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) => {
      if (error instanceof ApiError) return reply.code(error.status).send(error.envelope());
      throw error;
    });
    const actor = { groupId, name: 'user:ann', userId: 'ann' } as Actor;
    app.decorateRequest('actor', { getter: () => actor });
    await app.register(installationRoutes(deps) as never);
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
  const pack = async (name: string, subject: TestPackage) => {
    const dist = join(options.pluginsFolder, name, 'dist');
    await mkdir(dist, { recursive: true });
    await writeFile(join(dist, `${name}.tgz`), subject.bytes);
  };
  const release = async (subject: TestPackage) => {
    const outcome = await publishPackage(registry, {
      bytes: subject.bytes,
      envelope: releaseEnvelope(subject, author),
      publicKey: author.publicKey,
      publisher: { name: 'user:ann', claims: true },
    });
    if (!outcome.ok) throw new Error(outcome.message);
    await approveSubmission(registry, outcome.submissionId, 'user:rita');
  };

  it('publishes and installs the first-party plugins at the first start, and does nothing at the second', async () => {
    await pack('probe', await makePackage('patchbay/probe'));
    await pack('teller', await makePackage('patchbay/teller', { configuration: tellerSettings }, 'connector'));
    expect(await publishFirstParty(options)).toEqual({
      done: ['patchbay/probe 1.0.0', 'patchbay/teller 1.0.0'],
      problems: [],
    });
    expect(await installFirstParty(options)).toEqual({ done: ['patchbay/probe 1.0.0'], problems: [] });
    expect(lines.filter((line) => line.startsWith('Publishing patchbay/'))).toHaveLength(2);
    const broken = {
      runIngest: () => Promise.reject(new Error('never called')),
      runDeliver: () => Promise.reject(new Error('never called')),
      reproduce: () => Promise.reject(new Error()),
    };
    const again = { ...options, registry: { ...registry, checkTools: broken } };
    expect(await publishFirstParty(again)).toEqual({ done: [], problems: [] });
    expect(await installFirstParty(again)).toEqual({ done: [], problems: [] });
    const { body } = await call('GET', '/api/installations');
    expect(body).toMatchObject({
      items: [
        {
          plugin: 'patchbay/probe',
          integrationType: 'probe',
          state: 'enabled',
          installedBy: 'policy:bootstrap',
          updateAvailable: null,
        },
      ],
      next: null,
    });
    const names = await readdir(join(folder, 'modules'));
    expect(names).toHaveLength(1);
    const module = await modules.loadModule(names[0]!.replace('.wasm', ''));
    expect(WebAssembly.validate(new Uint8Array(module))).toBe(true);
  });

  it('publishes a new version at a later start, and says when files changed without one', async () => {
    await pack('probe', await makePackage('patchbay/probe', { version: '1.1.0' }));
    await pack('teller', await makePackage('patchbay/teller', { summary: 'Changed.' }, 'connector'));
    const report = await publishFirstParty(options);
    expect(report.done).toEqual(['patchbay/probe 1.1.0']);
    expect(report.problems).toEqual([expect.stringContaining('patchbay/teller 1.0.0: its files changed')]);
    const { body } = await call('GET', '/api/installations');
    expect(body.items[0]).toMatchObject({ version: '1.0.0', updateAvailable: '1.1.0' });
  });

  it('shows the catalogue joined with what is installed', async () => {
    const { body } = await call('GET', '/api/plugins?sort=name');
    expect(
      body.items.map(({ id, version, installed }: { id: string; version: string; installed: unknown }) => [
        id,
        version,
        installed,
      ]),
    ).toEqual([
      ['patchbay/probe', '1.1.0', { id: expect.stringMatching(/^ins_/), version: '1.0.0' }],
      ['patchbay/teller', '1.0.0', null],
    ]);
    const icon = await app.inject({ url: body.items[0].icon });
    expect(icon.headers['content-type']).toContain('image/svg+xml');
    expect(icon.headers['content-security-policy']).toContain("default-src 'none'");
    const detail = await call('GET', '/api/plugins/patchbay/teller');
    expect(Object.keys(detail.body.configuration.properties)).toEqual(['siteUrl', 'room']);
    expect(detail.body).toMatchObject({
      imports: ['patchbay:http'],
      consent: {
        lines: [
          { kind: 'secret', risk: 'high' },
          { kind: 'http', risk: 'medium' },
        ],
      },
      checks: expect.arrayContaining([{ name: 'reproduction', outcome: 'passed', summary: expect.any(String) }]),
      versions: [{ version: '1.0.0', state: 'published' }],
    });
    expect(await call('GET', '/api/plugins/patchbay/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'PLUGIN_NOT_FOUND' } },
    });
  });

  it('installs a connector for the consent that was shown, with its secrets sealed', async () => {
    const { body: detail } = await call('GET', '/api/plugins/patchbay/teller');
    const input = {
      plugin: 'patchbay/teller',
      consent: detail.consent.digest,
      environment: 'staging',
      configuration: { siteUrl: 'https://api.example.com' },
      secrets: { apiToken: 'hunter2-hunter2' },
    };
    const refused = async (change: object) =>
      (await call('POST', '/api/installations', { ...input, ...change })).body.error;
    expect(await refused({ consent: 'f'.repeat(64) })).toMatchObject({ code: 'CONSENT_STALE' });
    expect(await refused({ version: '9.9.9' })).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    expect(await refused({ configuration: {} })).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      details: [{ path: 'configuration.siteUrl' }],
    });
    expect(await refused({ secrets: {} })).toMatchObject({ details: [{ path: 'secrets.apiToken' }] });
    expect(await refused({ secrets: { ...input.secrets, other: 'x' } })).toMatchObject({
      details: [{ path: 'secrets.other' }],
    });

    const { status, body } = await call('POST', '/api/installations', input);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      plugin: 'patchbay/teller',
      environment: 'staging',
      secretsSet: ['apiToken'],
      installedBy: 'user:ann',
    });
    expect(body.consent.lines[1].text).toContain('https://api.example.com/v1/messages');
    expect(heard).toContain('installations');
    const rows = await store.db.selectFrom('secrets').selectAll().where('owner_id', '=', body.id).execute();
    expect(rows).toMatchObject([{ group_id: groupId, environment: 'staging', name: 'apiToken' }]);
    expect(Buffer.from(rows[0]!.ciphertext).toString('latin1')).not.toContain('hunter2');
    const log = await store.db.selectFrom('audit_log').select('details').where('target', '=', body.id).execute();
    expect(JSON.stringify(log)).toContain('registry signature');
    expect(JSON.stringify(log)).not.toContain('hunter2');
  });

  it('installs one plugin per integration type in a group, also when two come at once', async () => {
    await release(await makePackage('acme/probe'));
    const consent = (await call('GET', '/api/plugins/acme/probe')).body.consent.digest;
    expect(await call('POST', '/api/installations', { plugin: 'acme/probe', consent })).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT' } },
    });
    await release(await makePackage('acme/other', { integrationType: 'other' }));
    const other = (await call('GET', '/api/plugins/acme/other')).body.consent.digest;
    const both = await Promise.all(
      [1, 2].map(() => call('POST', '/api/installations', { plugin: 'acme/other', consent: other })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('changes settings, secrets and state', async () => {
    const { body } = await call('GET', '/api/installations');
    const { id } = body.items.find(({ plugin }: { plugin: string }) => plugin === 'patchbay/teller');
    const patch = { state: 'disabled', configuration: { siteUrl: 'https://b.example.com' } };
    const stale = { status: 409, body: { error: { code: 'CONSENT_STALE' } } };
    expect(await call('PATCH', `/api/installations/${id}`, patch)).toMatchObject(stale);
    const before = (await call('GET', `/api/installations/${id}`)).body;
    expect(before).toMatchObject({ state: 'enabled', configuration: { siteUrl: 'https://api.example.com' } });
    const ask = (siteUrl: string) => call('POST', `/api/installations/${id}/consent`, { configuration: { siteUrl } });
    expect((await ask('https://api.example.com/other')).body.digest).toBe(before.consent.digest);
    const consent = (await ask('https://b.example.com')).body;
    expect(JSON.stringify(consent.lines)).toContain('https://b.example.com');
    for (const digest of [before.consent.digest, (await ask('https://c.example.com')).body.digest])
      expect(await call('PATCH', `/api/installations/${id}`, { ...patch, consent: digest })).toMatchObject(stale);
    const changed = await call('PATCH', `/api/installations/${id}`, { ...patch, consent: consent.digest });
    expect(changed.body.consent.digest).toBe(consent.digest);
    const same = { configuration: { siteUrl: 'https://b.example.com/path' } };
    expect((await call('PATCH', `/api/installations/${id}`, same)).status).toBe(200);
    const short = await call('PATCH', `/api/installations/${id}`, { secrets: { apiToken: 'short' } });
    expect(short).toMatchObject({ status: 422, body: { error: { details: [{ path: 'secrets.apiToken' }] } } });
    const parts = await call('PATCH', `/api/installations/${id}`, { secrets: { apiToken: { a: 'hunter2-hunter2' } } });
    expect(parts.status).toBe(422);
    expect(changed).toMatchObject({
      status: 200,
      body: { state: 'disabled', configuration: { siteUrl: 'https://b.example.com' } },
    });
    expect(await call('PATCH', `/api/installations/${id}`, { configuration: { siteUrl: 7 } })).toMatchObject({
      status: 422,
    });
    expect(await call('PATCH', `/api/installations/${newId('installation')}`, { state: 'enabled' })).toMatchObject({
      status: 404,
    });
  });

  it('removes what nothing uses, and does not put it back at the next start', async () => {
    const { body } = await call('GET', '/api/installations');
    const { id } = body.items.find(({ plugin }: { plugin: string }) => plugin === 'patchbay/probe');
    const serviceId = newId('service');
    const { db } = store;
    await db.insertInto('services').values({ group_id: groupId, service_id: serviceId, name: 'Shop' }).execute();
    const integration = {
      group_id: groupId,
      integration_id: newId('integration'),
      service_id: serviceId,
      installation_id: id,
      type: 'probe',
      name: 'Mine',
      environment: 'production',
      state: 'enabled',
      settings: '{}',
      rate_per_minute: 100,
    } as const;
    await db.insertInto('integrations').values(integration).execute();
    expect(await call('DELETE', `/api/installations/${id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'PLUGIN_IN_USE', message: expect.stringContaining('Mine') } },
    });
    await db.deleteFrom('integrations').where('integration_id', '=', integration.integration_id).execute();
    expect((await call('DELETE', `/api/installations/${id}`)).status).toBe(204);
    expect((await call('GET', `/api/installations/${id}`)).status).toBe(404);
    expect((await installFirstParty(options)).done).toEqual([]);
  });

  it('refuses a package that does not verify, and stores nothing of it', async () => {
    await release(await makePackage('acme/third', { integrationType: 'third' }));
    const { body } = await call('GET', '/api/plugins/acme/third');
    const file = join(folder, 'packages', `${body.sha256}.tgz`);
    const before = await readdir(join(folder, 'modules'));
    const client = createRegistryClient({
      request: async (method, path) => {
        const answer = await directRequest(registry)(method, path);
        return path.includes('/packages/')
          ? { ...answer, body: Buffer.concat([await readFile(file), Buffer.from('x')]) }
          : answer;
      },
      trust: registryTrust(store.db),
    });
    const { installPlugin } = await import('./install-plugin.ts');
    const input = {
      plugin: 'acme/third',
      environment: 'production' as const,
      configuration: {},
      secrets: {},
      consent: body.consent.digest,
    };
    await expect(installPlugin({ ...options, client }, { groupId, name: 'user:ann' }, input)).rejects.toMatchObject({
      code: 'PACKAGE_TAMPERED',
      message: expect.stringContaining('digest'),
    });
    expect(await readdir(join(folder, 'modules'))).toEqual(before);
  });

  it('keeps to the registry key of the first use', async () => {
    const other = { ...registry, key: generateSigningKey() };
    const client = createRegistryClient({ request: directRequest(other), trust: registryTrust(store.db) });
    const { pinnedRegistryKey } = await import('./pinned-registry-key.ts');
    const pinned = await pinnedRegistryKey(store.db, client);
    expect(pinned.equals(registry.key.publicKey)).toBe(true);
  });

  it('never hands out a module that was changed on disk', async () => {
    const [name] = await readdir(join(folder, 'modules'));
    const file = join(folder, 'modules', name!);
    const bytes = await readFile(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(modules.loadModule(name!.replace('.wasm', ''))).rejects.toThrow('changed on disk');
    await expect(modules.loadModule('../../etc/passwd')).rejects.toThrow('sha256');
  });
});

import { createHash, randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { newId, type GroupId, type IntegrationId, type ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import { manifestSchema, type Environment, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import type { IngestInput, IngestOutput } from '@patchbay/plugin-sdk/contract/envelopes';
import type { RunResult, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { createLiveHub } from '../live/live-hub.ts';
import { putSecret } from '../secrets/secret-store.ts';
import { createVault, type Vault } from '../secrets/vault.ts';
import type { Store } from '../store/open-store.ts';
import { createIngest, type Ingest, type IngestDeps } from './create-ingest.ts';
import { SIGNATURE_SECRET } from './door-integration.ts';
import type { DoorAnswer } from './door-request.ts';

/** Code that stands for a module: gives an output, or a run's result as it is. */
export type TestPlugin = (
  input: IngestInput,
) => IngestOutput['result'] | RunResult | Promise<IngestOutput['result'] | RunResult>;

const usage = { cpuMicros: 1, memoryBytes: 1 };

/** A sandbox that runs functions of the test in this process, by the digest of their module, and others in `real`. */
export function inProcessSandbox(plugins: ReadonlyMap<string, TestPlugin>, real?: Sandbox): Sandbox {
  return {
    async run(request, onDispatched): Promise<RunResult> {
      const plugin = plugins.get(request.module);
      if (plugin === undefined && real !== undefined) return real.run(request, onDispatched);
      if (plugin === undefined) throw new Error(`no module ${request.module}`);
      onDispatched?.();
      try {
        const result = await plugin(JSON.parse(request.input) as IngestInput);
        if ('status' in result) return result;
        return { status: 'done', output: JSON.stringify({ abi: 1, result }), asks: [], logs: [], usage };
      } catch (error) {
        const { name, message } = error as Error;
        const failure = { status: 'failed', fault: 'plugin', code: 'PLUGIN_ERROR' } as const;
        return { ...failure, message, error: { name, message }, logs: [], usage };
      }
    },
    close: () => Promise.resolve(),
  };
}

export interface TestIntegration {
  groupId: GroupId;
  serviceId: ServiceId;
  integrationId: IntegrationId;
  type: string;
  key: string;
  /** Path and query at the door. */
  path: string;
}

export interface TestDoor {
  store: Store;
  vault: Vault;
  ingest: Ingest;
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Makes a group with a service, an installation and an integration. */
  addIntegration(options?: AddIntegration): Promise<TestIntegration>;
  /** Posts a body to an integration with its key. */
  post(integration: TestIntegration, body: unknown, init?: RequestInit): Promise<Response>;
  /** Hands a body to the door without a socket. */
  take(integration: TestIntegration, body: unknown): Promise<DoorAnswer>;
  close(): Promise<void>;
}

export interface AddIntegration {
  plugin?: TestPlugin;
  manifest?: Partial<ManifestInput>;
  groupId?: GroupId;
  ratePerMinute?: number;
  ipAllow?: string[];
  secret?: string;
  signatureRequired?: boolean;
  settings?: Record<string, unknown>;
  /** Of the installation. */
  environment?: Environment;
  configuration?: Record<string, unknown>;
}

/** A plugin whose events are the body: `[{event_action, dedup_key, ...}]`, or one of them. */
export const echoPlugin: TestPlugin = (input) => {
  if (!('text' in input.request.body)) throw new Error('not text');
  let body: unknown;
  try {
    body = JSON.parse(input.request.body.text);
  } catch {
    return { outcome: 'invalid', reason: 'The body is not JSON.', issues: [{ path: '', message: 'Expected JSON' }] };
  }
  if (body === null || typeof body !== 'object')
    return { outcome: 'invalid', reason: 'No alert.', issues: [{ path: 'alerts', message: 'Expected a list' }] };
  if ('ping' in body) return { outcome: 'ignored', reason: 'A ping.' };
  return { outcome: 'events', events: (Array.isArray(body) ? body : [body]) as never };
};

export const trigger = (dedupKey: string, summary = 'disk full') => ({
  event_action: 'trigger',
  dedup_key: dedupKey,
  payload: { summary, source: 'db-1', severity: 'error', custom_details: { free: 1 } },
});
export const resolve = (dedupKey: string) => ({ event_action: 'resolve', dedup_key: dedupKey });

/**
 * A door on a real socket over a store that the caller has opened and closes.
 *
 * @param options.plugins shared by several doors on one store, as by several hosts
 */
export async function openTestDoor(
  store: Store,
  { realSandbox, port = 0, ...overrides }: Partial<IngestDeps> & { realSandbox?: Sandbox; port?: number } = {},
  makeApp: (ingest: Ingest, vault: Vault) => Promise<FastifyInstance> = plainApp,
  options: { plugins?: Map<string, TestPlugin> } = {},
): Promise<TestDoor> {
  const vault = overrides.vault ?? createVault(randomBytes(32));
  const plugins = options.plugins ?? new Map<string, TestPlugin>();
  const ingest = await createIngest({
    store,
    vault,
    sandbox: inProcessSandbox(plugins, realSandbox),
    rulesModule: '',
    hub: createLiveHub(),
    fetchPinned: () => Promise.reject(new Error('no network')),
    findPluginForType: (type) => Promise.resolve(type === 'test' ? '"patchbay/test"' : undefined),
    publicUrl: 'https://patchbay.example.com',
    limitRate: true,
    verifySignatures: true,
    log: { warn: () => undefined, error: () => undefined },
    ...overrides,
  });
  const app = await makeApp(ingest, vault);
  const url = await app.listen({ host: '127.0.0.1', port });

  return {
    store,
    vault,
    ingest,
    url,
    async addIntegration(options = {}) {
      const module = createHash('sha256').update(randomBytes(8)).digest('hex');
      plugins.set(module, options.plugin ?? echoPlugin);
      return addIntegration(store, vault, module, options);
    },
    post: (integration, body, init = {}) =>
      fetch(url + integration.path, {
        method: 'POST',
        body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
        ...init,
        headers: {
          authorization: `Bearer ${integration.key}`,
          'content-type': 'application/json',
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
    take: (integration, body) =>
      ingest.receive({
        type: integration.type,
        method: 'POST',
        url: integration.path,
        headers: { authorization: `Bearer ${integration.key}`, 'content-type': 'application/json' },
        query: { integrationId: integration.integrationId },
        body: Buffer.from(JSON.stringify(body)),
        address: '127.0.0.1',
      }),
    async close() {
      await app.close();
      await ingest.close();
    },
  };
}

async function plainApp(ingest: Ingest): Promise<FastifyInstance> {
  const app = Fastify({ trustProxy: ['127.0.0.1'] });
  await app.register(ingest.door);
  return app;
}

async function addIntegration(
  { db }: Store,
  vault: Vault,
  module: string,
  options: AddIntegration,
): Promise<TestIntegration> {
  const groupId = options.groupId ?? newId('group');
  const serviceId = newId('service');
  const installationId = newId('installation');
  const integrationId = newId('integration');
  const manifest = manifestSchema.parse({
    id: 'patchbay/test',
    version: '1.2.3',
    hostApi: '^1.0.0',
    name: 'Test',
    summary: 'A test',
    licence: 'Apache-2.0',
    categories: ['generic'],
    provides: ['ingest'],
    integrationType: 'test',
    ...options.manifest,
  });
  const type = manifest.integrationType ?? 'test';
  if (options.groupId === undefined)
    await db.insertInto('groups').values({ group_id: groupId, name: 'Test' }).execute();
  await db.insertInto('services').values({ group_id: groupId, service_id: serviceId, name: 'Default' }).execute();
  await db
    .insertInto('installations')
    .values({
      group_id: groupId,
      installation_id: installationId,
      plugin_id: manifest.id,
      version: manifest.version,
      module_sha256: module,
      package_sha256: module,
      manifest: JSON.stringify(manifest),
      integration_type: type,
      environment: options.environment ?? 'production',
      state: 'enabled',
      configuration: JSON.stringify(options.configuration ?? {}),
      consent_digest: '',
      installed_by: 'test',
    })
    .execute();
  await db
    .insertInto('integrations')
    .values({
      group_id: groupId,
      integration_id: integrationId,
      service_id: serviceId,
      installation_id: installationId,
      type,
      name: 'Test',
      environment: options.environment ?? 'production',
      state: 'enabled',
      settings: JSON.stringify(options.settings ?? {}),
      signature_required: options.signatureRequired ?? false,
      ip_allow: JSON.stringify(options.ipAllow ?? []),
      rate_per_minute: options.ratePerMinute ?? 100_000,
    })
    .execute();
  const key = `pbk_${randomBytes(16).toString('hex')}`;
  await db
    .insertInto('integration_keys')
    .values({
      group_id: groupId,
      integration_id: integrationId,
      key_sha256: createHash('sha256').update(key).digest('hex'),
      secret_id: '',
    })
    .execute();
  if (options.secret !== undefined)
    await putSecret(db, vault, {
      groupId,
      environment: options.environment ?? 'production',
      ownerKind: 'integration',
      ownerId: integrationId,
      name: SIGNATURE_SECRET,
      value: options.secret,
    });
  return {
    groupId,
    serviceId,
    integrationId,
    type,
    key,
    path: `/api/integrations/${type}?integrationId=${integrationId}`,
  };
}

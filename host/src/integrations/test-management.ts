import { randomBytes } from 'node:crypto';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { GroupRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { createApp } from '../api/app.ts';
import { parseConfig } from '../config/config.ts';
import { createAuth } from '../identity/auth.ts';
import { prepareFirstStart } from '../identity/first-start.ts';
import { createToken } from '../identity/tokens.ts';
import type { IngestDeps } from '../ingest/create-ingest.ts';
import { openTestDoor, type AddIntegration, type TestDoor } from '../ingest/test-door.ts';
import { startRangesKeeper, type RangesKeeper } from '../ingest/published-ranges/published-ranges.ts';
import { createLiveHub } from '../live/live-hub.ts';
import type { Store } from '../store/open-store.ts';
import { integrationRoutes } from './integration-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { plainSample } from './sample-request.ts';

const PUBLIC_URL = 'https://patchbay.example.com';

export interface TestManagement {
  door: TestDoor;
  groupId: GroupId;
  /** Asks the management API as somebody of that role. */
  call<T>(method: string, path: string, body?: unknown, role?: GroupRole): Promise<{ status: number; body: T }>;
  /** Makes an integration of the type "test" by the API. */
  create(input?: object): Promise<Integration>;
  /** Posts to an integration's door; with its key unless headers say otherwise. */
  send(integration: Integration, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** The management API of integrations and requests beside a door, on one socket, with a plugin of the type "test". */
export async function openTestManagement(
  store: Store,
  { plugin, manifest }: Pick<AddIntegration, 'plugin' | 'manifest'> = {},
  overrides: Partial<IngestDeps> = {},
): Promise<TestManagement> {
  const { db } = store;
  const hub = createLiveHub();
  const findPluginForType = () => Promise.resolve(undefined);
  const { groupId } = await prepareFirstStart(db, undefined);
  let ranges: RangesKeeper | undefined;
  const makeApp = (ingest: TestDoor['ingest'], vault: TestDoor['vault']) => {
    const parsed = parseConfig({ PORT: '0', TRUSTED_PROXIES: '127.0.0.1' });
    if (!parsed.ok) throw new Error('configuration');
    const auth = createAuth({ db, secret: randomBytes(32).toString('hex'), publicUrl: PUBLIC_URL });
    ranges = startRangesKeeper({
      db,
      fetchList: overrides.fetchPinned ?? (() => Promise.reject(new Error('no network'))),
      changed: () => ingest.invalidate(),
      log: { warn: () => undefined },
    });
    const shared = { db, store, vault, hub, ingest, publicUrl: PUBLIC_URL, findPluginForType };
    return createApp({
      config: parsed.config,
      db,
      vault,
      auth,
      log: null,
      version: '0.0.0',
      routes: [
        integrationRoutes({ ...shared, ranges, sampleFor: () => Promise.resolve(plainSample) }),
        requestRoutes(shared),
      ],
      doors: [ingest.door],
    });
  };
  const door = await openTestDoor(store, { publicUrl: PUBLIC_URL, findPluginForType, ...overrides }, makeApp);
  await door.addIntegration({ groupId, ...(plugin && { plugin }), ...(manifest && { manifest }) });
  const tokens = new Map<GroupRole, string>();

  async function tokenOf(role: GroupRole): Promise<string> {
    const known = tokens.get(role);
    if (known !== undefined) return known;
    const scopes = ['read', 'write', 'admin'] as const;
    const { token } = await createToken(db, { groupId, userId: null, name: role, role, scopes, expiresAt: null });
    tokens.set(role, token);
    return token;
  }

  async function call<T>(method: string, path: string, body?: unknown, role: GroupRole = 'member') {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(door.url + path, {
      method,
      headers: { authorization: `Bearer ${await tokenOf(role)}`, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  return {
    door,
    groupId,
    call,
    async create(input = {}) {
      const { status, body } = await call<Integration>('POST', '/api/integrations', {
        type: 'test',
        name: 'T',
        ...input,
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body;
    },
    send: (integration, body, headers = { authorization: `Bearer ${integration.key ?? ''}` }) =>
      fetch(integration.url.replace(PUBLIC_URL, door.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
      }),
    async close() {
      await ranges?.stop();
      await door.close();
    },
  };
}

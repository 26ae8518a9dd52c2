import { randomBytes } from 'node:crypto';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { createSandbox, type ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { createApp } from '../../api/app.ts';
import { site } from '../../api/site.ts';
import { parseConfig } from '../../config/config.ts';
import { createAuth } from '../../identity/auth.ts';
import { prepareFirstStart } from '../../identity/first-start.ts';
import { sessionRoutes } from '../../identity/session-routes.ts';
import { incidentRoutes } from '../../incidents/incident-routes.ts';
import { integrationRoutes } from '../../integrations/integration-routes.ts';
import { requestRoutes } from '../../integrations/request-routes.ts';
import { plainSample } from '../../integrations/sample-request.ts';
import { createLiveHub } from '../../live/live-hub.ts';
import { streamRoute } from '../../live/stream-route.ts';
import { serviceRoutes } from '../../services/service-routes.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { dedupKeyOf } from '../normalise-event.ts';
import { openTestDoor, type TestDoor, type TestPlugin } from '../test-door.ts';
import { readRulesModule } from './rules-module.ts';

export interface RulesDoor {
  readonly store: Store;
  readonly door: TestDoor;
  readonly groupId: GroupId;
  readonly setupCode: string | null;
  /** How many runs the real sandbox was asked for: all are of rules. */
  ran(): number;
  close(): Promise<void>;
}

interface RulesDoorOptions {
  token: string;
  publicUrl: string;
  /** What an installed plugin of the type "test" does in this process. */
  plugin: TestPlugin;
  port?: number;
  /** The built interface. */
  uiFolder?: string;
}

/** No test of rules asks a vendor for its addresses. */
const noRanges = { refresh: () => Promise.resolve() };

/** A door with the API around it, whose rules run in real sandbox processes. */
export async function openRulesDoor(
  database: Parameters<typeof openStore>[0],
  { token, publicUrl, plugin, port, uiFolder }: RulesDoorOptions,
): Promise<RulesDoor> {
  const module = await readRulesModule();
  const sandbox = createSandbox({
    loadModule: () => Promise.resolve(module.bytes),
    processes: 1,
    slowProcesses: 1,
  });
  await sandbox.warm([module.sha256]);
  const store = await openStore(database);
  const { db } = store;
  const hub = createLiveHub();
  const findPluginForType = () => Promise.resolve(undefined);
  const { groupId, setupCode } = await prepareFirstStart(db, token);
  let ran = 0;
  const realSandbox = {
    run(request: Parameters<ProcessSandbox['run']>[0]) {
      ran += 1;
      return sandbox.run(request);
    },
    close: () => Promise.resolve(),
  };
  const overrides = { publicUrl, findPluginForType, hub, realSandbox, rulesModule: module.sha256, port: port ?? 0 };
  const door = await openTestDoor(store, overrides, (ingest, vault) => {
    const parsed = parseConfig({ PORT: '0' });
    if (!parsed.ok) throw new Error('configuration');
    const auth = createAuth({ db, secret: randomBytes(32).toString('hex'), publicUrl });
    const shared = { db, store, vault, hub, ingest, publicUrl, findPluginForType };
    return createApp({
      config: parsed.config,
      db,
      vault,
      auth,
      log: null,
      version: '0.0.0',
      routes: [
        streamRoute({ hub }),
        sessionRoutes({
          db,
          auth,
          firstGroupId: groupId,
          publicUrl: () => publicUrl,
          warnings: () => [],
          registryOnly: false,
          version: '0.0.0',
        }),
        serviceRoutes({ db, hub, invalidate: () => ingest.invalidate() }),
        integrationRoutes({ ...shared, ranges: noRanges, sampleFor: () => Promise.resolve(plainSample) }),
        requestRoutes(shared),
        incidentRoutes({ ...shared, clock: ingest.clock, dedupKeyOf }),
      ],
      doors: [ingest.door],
      ...(uiFolder === undefined ? {} : { site: site(uiFolder) }),
    });
  });
  // Brings the installation of the type "test" into the first group.
  await door.addIntegration({ groupId, plugin });
  return {
    store,
    door,
    groupId,
    setupCode,
    ran: () => ran,
    async close() {
      await door.close();
      await store.close();
      await sandbox.close();
    },
  };
}

import { inspect } from 'node:util';
import Fastify from 'fastify';
import { createIngest } from '@patchbay/host/ingest/create-ingest';
import { createLiveHub } from '@patchbay/host/live/live-hub';
import { loadHostKeys } from '@patchbay/host/secrets/host-keys';
import { createVault } from '@patchbay/host/secrets/vault';
import { openStore } from '@patchbay/host/store/open-store';
import { inProcessSandbox, loadInProcess } from './in-process-plugin.ts';
import { stopOnSignal, tell } from './role-process.ts';

export interface InProcessOptions {
  dataFolder: string;
  pluginFolder: string;
  /** Path and query of the integration at the door. */
  path: string;
  key: string;
}

/** The whole ingest path with its database, and the plugin's code called in this process. */
export async function inProcessHostRole({ dataFolder, pluginFolder, path, key }: InProcessOptions): Promise<void> {
  const show = (fields: object, message: string): void => void process.stderr.write(`${message}: ${inspect(fields)}\n`);
  const log = { info: () => undefined, warn: show, error: show };
  const store = await openStore({ folder: dataFolder, log });
  const ingest = await createIngest({
    store,
    vault: createVault((await loadHostKeys(dataFolder, { PATCHBAY_SECRET_KEYS_OLD: [] })).current),
    sandbox: inProcessSandbox(await loadInProcess(pluginFolder)),
    rulesModule: '',
    hub: createLiveHub(),
    fetchPinned: () => Promise.reject(new Error('there is no network here')),
    findPluginForType: () => Promise.resolve(undefined),
    publicUrl: 'http://127.0.0.1',
    limitRate: false,
    verifySignatures: true,
    log,
  });
  const app = Fastify();
  await app.register(ingest.door);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  stopOnSignal(async () => {
    await app.close();
    await ingest.close();
    await store.close();
  });
  tell({ url: url + path, key });
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseUrl } from '@patchbay/plugin-sdk/contract/parse-url';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { urlVerdicts } from '../effects/url-verdicts.ts';
import { createUrlWorld, verdictOf } from '../effects/url-world.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createDeliveryFixture, type DeliveryFixture } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { dispatchOutbox } from './dispatch-outbox.ts';

const noSandbox: Sandbox = {
  run: () => Promise.reject(new Error('no connector is delivered here')),
  close: () => Promise.resolve(),
};
const newDatabase = pgliteDatabases();

// A database takes no U+0000, so that no destination can have it.
const urls = new Map(
  Object.values(urlVerdicts)
    .flat()
    .filter(({ url, verdict }) => verdict !== 'public' && !url.includes('\0'))
    .map(({ url, verdict }) => [url, verdict]),
);

describe('outgoing webhooks', () => {
  let store: Store;
  let fixture: DeliveryFixture;
  let worker: DeliveryWorker | undefined;
  const { egress, asked } = createUrlWorld();

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, noSandbox, undefined, egress);
  });
  afterAll(async () => {
    await worker?.stop();
    await fixture.close();
    await store.close();
  });

  it('go where the guard lets them go, and nowhere else', async () => {
    const destinations = new Map<string, string>();
    for (const url of urls.keys())
      destinations.set((await fixture.webhook(url, { maxAttempts: 1, changeTypes: ['incident.opened'] })).id, url);
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await dispatchOutbox(store.db);
    worker = await fixture.startWorker();
    const ended = await until('the end of every delivery', async () => {
      const rows = await fixture.deliveries();
      return rows.length === urls.size && rows.every(({ code }) => code !== null) ? rows : undefined;
    });

    const found = ended.map(({ destination_id, code }) => {
      const url = destinations.get(destination_id) ?? '';
      const hostname = parseUrl(url)?.hostname ?? '';
      return [url, verdictOf(code, asked.filter((name) => name === hostname).slice(0, 1))];
    });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(urls));
    expect(fixture.failures).toEqual([]);
  });
});

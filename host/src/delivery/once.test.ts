import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';

const source = `
import { defineIntegration, delivered } from '@patchbay/plugin-sdk';

export default defineIntegration({
  async deliver(change, { configuration: { url }, once }) {
    const { thing, lagMs } = change.incident.customDetails;
    const made = await once(thing, {
      lagMs,
      async find() {
        const { id } = await (await fetch(url + '/find/' + thing)).json();
        return id ?? undefined;
      },
      async create() {
        const { id } = await (await fetch(url + '/create/' + thing, { method: 'POST' })).json();
        return id;
      },
    });
    return delivered({ note: made });
  },
});
`;

/** What the other side has made, by name; it shows a thing only after so many looks. */
interface Thing {
  made: number;
  looksUntilSeen: number;
}

eachDatabase('a connector that creates once', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: TestConnector;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let worker: DeliveryWorker | null = null;
  const things = new Map<string, Thing>();
  /** What comes of the next creations: made and its answer lost, or not made and no answer. */
  const losses: ('answer' | 'request')[] = [];

  beforeAll(async () => {
    connector = await compileConnector(source);
    sandbox = sandboxOf(connector);
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    receiver = await startReceiver(({ path }, response) => {
      const name = path.split('/')[2] ?? '';
      const thing = things.get(name) ?? { made: 0, looksUntilSeen: 0 };
      things.set(name, thing);
      if (path.startsWith('/create/')) {
        const loss = losses.shift();
        if (loss !== 'request') thing.made += 1;
        if (loss !== undefined) response.destroy();
        else response.end(JSON.stringify({ id: `${name}-${thing.made}` }));
        return;
      }
      const seen = thing.made > 0 && --thing.looksUntilSeen < 0;
      response.end(JSON.stringify(seen ? { id: `${name}-1` } : {}));
    });
  });
  beforeEach(async () => {
    await installConnector(store, fixture, connector, { url: receiver.url });
    worker = await fixture.startWorker();
  });
  afterEach(async () => {
    await worker?.stop();
    await store.db.updateTable('destinations').set({ removed_at: new Date() }).execute();
    losses.length = 0;
    receiver.received.length = 0;
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await sandbox.close();
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  /** Every delivery is of an incident of its own, so none waits for another. */
  async function deliver(thing: string, lagMs = 0) {
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened', { thing, lagMs });
    return until('the end', async () =>
      (await fixture.deliveries()).find(
        (row) => row.incident_id === incident && (row.state === 'delivered' || row.state === 'dead'),
      ),
    );
  }
  const creations = () => receiver.received.filter(({ method }) => method === 'POST').length;

  it('remembers what it has made', async () => {
    expect(await deliver('plain')).toMatchObject({ state: 'delivered', message: 'plain-1' });
    expect(await deliver('plain')).toMatchObject({ state: 'delivered', message: 'plain-1' });
    expect(receiver.received).toHaveLength(2);
  });

  it('finds what was made when the answer was lost, and makes what was not', async () => {
    losses.push('answer');
    expect(await deliver('lost')).toMatchObject({ state: 'delivered', message: 'lost-1' });
    expect(creations()).toBe(1);
    losses.push('request');
    expect(await deliver('unmade')).toMatchObject({ state: 'delivered', message: 'unmade-1' });
    expect(things.get('unmade')?.made).toBe(1);
  });

  it('stops for a person when two creations in a row are unknown', async () => {
    losses.push('request', 'request');
    expect(await deliver('twice')).toMatchObject({ state: 'dead', attempts: 1, code: 'OUTCOME_UNKNOWN' });
    expect(creations()).toBe(2);
  });

  it('waits in a later delivery until what an earlier one made can be seen', async () => {
    // Made, but neither the answer nor two looks after the lag show it: nobody can say, and a person is asked.
    losses.push('answer', 'request');
    things.set('slow', { made: 0, looksUntilSeen: 3 });
    expect(await deliver('slow', 300)).toMatchObject({ state: 'dead', code: 'OUTCOME_UNKNOWN' });
    // The first look of the later delivery comes too early as well; the one after the lag does not.
    expect(await deliver('slow', 300)).toMatchObject({ state: 'delivered', message: 'slow-1' });
    expect(things.get('slow')?.made).toBe(1);
    const left = await store.db.selectFrom('plugin_store').select('key').where('key', '=', 'once:slow').execute();
    expect(left).toHaveLength(1);
  });
});

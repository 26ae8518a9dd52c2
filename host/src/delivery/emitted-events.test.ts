import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { replayDelivery } from './replay.ts';

const source = `
import { defineIntegration, delivered, failed, retry } from '@patchbay/plugin-sdk';

const event = (dedup_key, custom_details = {}) => ({
  event_action: 'trigger',
  dedup_key,
  payload: { summary: 'Emitted ' + dedup_key, source: 'a connector', severity: 'info', custom_details },
});

const ways = {
  /** Answers every change with an event, also one that another connector made. */
  async echo({ change, name, emit }) {
    const way = { way: 'echo' };
    return emit('note', event(name + '<' + change.incident.dedupKey, way)).then(
      () => delivered(),
      ({ code }) => delivered({ note: code }),
    );
  },
  async throwsFirst({ get, emit }) {
    await emit('note', event('before the answer'));
    const { status } = await get();
    if (status !== 200) throw new Error('not now');
    void emit('note', event('after the answer'));
    return delivered();
  },
  async fails({ emit }) {
    await emit('note', event('of a failure'));
    return failed('it does not work');
  },
  async crashes({ emit }) {
    await emit('note', event('of a crash'));
    throw new Error('a bug');
  },
  async refused({ emit }) {
    const codes = [];
    const refusal = (promise) => promise.then(() => codes.push('ok'), ({ code }) => codes.push(code));
    await refusal(emit('other', event('x')));
    await refusal(emit('note', { event_action: 'trigger' }));
    for (let n = 0; n <= ${sandboxLimits.eventsPerCall}; n++) await refusal(emit('note', event('many-' + n)));
    return delivered({ note: [...new Set(codes)].join() });
  },
};

export default defineIntegration({
  deliver(change, { configuration: { url }, emit }) {
    const name = url.slice(-1);
    return ways[change.incident.customDetails.way]({ change, name, emit, get: () => fetch(url) });
  },
});
`;

eachDatabase('what connectors emit', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: TestConnector;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let worker: DeliveryWorker | null = null;
  const statuses: number[] = [];

  beforeAll(async () => {
    connector = await compileConnector(source);
    sandbox = sandboxOf(connector);
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    receiver = await startReceiver((_, response) => response.writeHead(statuses.shift() ?? 200).end());
  });
  afterEach(async () => {
    await worker?.stop();
    worker = null;
    await store.db.updateTable('destinations').set({ removed_at: new Date() }).execute();
    for (const table of ['deliveries', 'events', 'outbox'] as const) await store.db.deleteFrom(table).execute();
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await sandbox.close();
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  const install = (name: string) => installConnector(store, fixture, connector, { url: `${receiver.url}/${name}` });
  const emitted = async () => {
    const rows = await store.db
      .selectFrom('events')
      .select(['dedup_key', 'type', 'effect', 'environment', 'service_id', 'integration_id'])
      .orderBy('received_order')
      .execute();
    for (const row of rows)
      expect(row).toMatchObject({
        type: 'test/plugin/note',
        effect: 'opened',
        environment: 'production',
        integration_id: null,
      });
    return rows.map(({ dedup_key }) => dedup_key);
  };
  /** All deliveries once none is under way any more. */
  const settled = () =>
    until('the end', async () => {
      await store.db.updateTable('destinations').set({ open_until: null, next_due_at: new Date() }).execute();
      worker?.wake();
      // One statement, so that nothing moves from one table to the other between two looks.
      const { rows } = await sql<{ left: number }>`
        select (select count(*) from outbox) + (select count(*) from deliveries where state not in ('delivered', 'dead'))
          as left`.execute(store.db);
      const deliveries = rows[0]?.left === 0 ? await fixture.deliveries() : [];
      return deliveries.length > 0 ? deliveries : undefined;
    });
  async function deliver(way: string) {
    await fixture.change(await fixture.newIncident(), 'incident.opened', { way });
    worker = await fixture.startWorker();
    return settled();
  }

  it('opens incidents that are delivered to others, not back, and not without end', async () => {
    await install('a');
    await install('b');
    const rows = await deliver('echo');
    expect(await emitted()).toHaveLength(6);
    expect((await emitted()).toSorted()).toEqual(
      ['a<key', 'b<key', 'a<b<key', 'b<a<key', 'a<b<a<key', 'b<a<b<key'].toSorted(),
    );
    expect(rows.map(({ emit_depth }) => emit_depth).toSorted()).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(rows.filter(({ message }) => message === 'EMIT_REFUSED').map(({ emit_depth }) => emit_depth)).toEqual([
      3, 3,
    ]);
  });

  it('counts once, from the run that ends the call, however often that is replayed', async () => {
    await install('a');
    statuses.push(503, 500);
    const [row] = await deliver('throwsFirst');
    expect(row).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(await emitted()).toEqual(['before the answer', 'after the answer']);
    await replayDelivery(store.db, fixture.groupId, row!.delivery_id, 'resume');
    expect(await settled()).toMatchObject([{ state: 'delivered', attempts: 4 }]);
    expect(await emitted()).toHaveLength(2);
  });

  it('counts when the connector says that it failed, not when it crashed', async () => {
    await install('a');
    await deliver('fails');
    expect(await emitted()).toEqual(['of a failure']);
    await fixture.change(await fixture.newIncident(), 'incident.opened', { way: 'crashes' });
    expect((await settled()).map(({ code }) => code)).toEqual(['PLUGIN_ERROR', 'PLUGIN_ERROR']);
    expect(await emitted()).toEqual(['of a failure']);
  });

  it('is refused when its kind was not granted, when it is no event, and when it is too much', async () => {
    await install('a');
    const [row] = await deliver('refused');
    expect(row?.message).toBe('PERMISSION_DENIED,REQUEST_REFUSED,ok,EMIT_REFUSED');
    // Every event that was asked for counts, the two that were refused among them.
    expect(await emitted()).toHaveLength(sandboxLimits.eventsPerCall - 2);
  });
});

import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { DestinationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { replayDelivery } from './replay.ts';

const source = `
import { defineIntegration, delivered } from '@patchbay/plugin-sdk';

export default defineIntegration({
  async deliver(change, { configuration: { url }, sleep }) {
    await fetch(url + '/before', { method: 'POST' });
    const begun = Date.now();
    await sleep(change.incident.customDetails.ms);
    const slept = Date.now() - begun;
    await fetch(url + '/after', { method: 'POST' });
    return delivered({ note: slept >= change.incident.customDetails.ms ? 'slept' : 'woke after ' + slept });
  },
});
`;

const DAY_MS = 24 * 3600 * 1000;

eachDatabase('a connector that sleeps', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: TestConnector;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let worker: DeliveryWorker | null = null;

  beforeAll(async () => {
    connector = await compileConnector(source);
    sandbox = sandboxOf(connector);
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    receiver = await startReceiver((_, response) => response.writeHead(201).end());
  });
  afterEach(async () => {
    vi.useRealTimers();
    await worker?.stop();
    worker = null;
    await store.db.updateTable('destinations').set({ removed_at: new Date() }).execute();
    receiver.received.length = 0;
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await sandbox.close();
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  const paths = () => receiver.received.map(({ path }) => path);
  async function asleep(ms: number) {
    const { destinationId } = await installConnector(store, fixture, connector, { url: receiver.url });
    await fixture.change(await fixture.newIncident(), 'incident.opened', { ms });
    worker = await fixture.startWorker();
    const row = () =>
      store.db.selectFrom('deliveries').selectAll().where('destination_id', '=', destinationId).executeTakeFirst();
    const reached = (state: string) =>
      until(state, async () => {
        const found = await row();
        return found?.state === state ? found : undefined;
      });
    await reached('waiting');
    return { destinationId, row, reached };
  }
  /** The time at which it is to wake comes, by the clock of the database. */
  async function makeDue(destinationId: DestinationId) {
    const now = new Date(0);
    await store.db.updateTable('deliveries').set({ due_at: now }).where('destination_id', '=', destinationId).execute();
    await store.db.updateTable('destinations').set({ next_due_at: now }).execute();
    worker?.wake();
  }

  it('waits without a lease, goes on after a restart, and no attempt is counted', async () => {
    const { destinationId, row, reached } = await asleep(DAY_MS);
    const waiting = await row();
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, claim_id: null, lease_until: null });
    expect(Math.abs((waiting?.due_at.getTime() ?? 0) - Date.now() - DAY_MS)).toBeLessThan(DAY_MS / 24);
    await worker?.stop();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + DAY_MS });
    worker = await fixture.startWorker();
    await makeDue(destinationId);
    expect(await reached('delivered')).toMatchObject({ attempts: 1, message: 'slept' });
    expect(paths()).toEqual(['/before', '/after']);
  });

  it('sleeps on when it is woken before its time', async () => {
    const { destinationId, row, reached } = await asleep(DAY_MS);
    const { due_at: dueAt } = (await row())!;
    await makeDue(destinationId);
    await until('asleep again', async () => {
      const found = await row();
      return found?.state === 'waiting' && found.due_at.getTime() > Date.now() ? true : undefined;
    });
    const again = await row();
    expect(Math.abs(again!.due_at.getTime() - dueAt.getTime())).toBeLessThan(60_000);
    expect(again).toMatchObject({ attempts: 1 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + DAY_MS });
    await makeDue(destinationId);
    expect(await reached('delivered')).toMatchObject({ attempts: 1, message: 'slept' });
    expect(paths()).toEqual(['/before', '/after']);
  });

  it('begins a new attempt when a person has it begin from nothing', async () => {
    const { row, destinationId, reached } = await asleep(DAY_MS);
    const { delivery_id: id } = (await row())!;
    expect(await replayDelivery(store.db, fixture.groupId, id, 'from-nothing')).toEqual({ ok: true });
    expect(await row()).toMatchObject({ state: 'queued' });
    await makeDue(destinationId);
    expect(await reached('waiting')).toMatchObject({ attempts: 2 });
    expect(paths()).toEqual(['/before', '/before']);
    const attempts = await store.db.selectFrom('attempts').select('number').where('delivery_id', '=', id).execute();
    expect(attempts.map(({ number }) => number).toSorted()).toEqual([1, 2]);
  });
});

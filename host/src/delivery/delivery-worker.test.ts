import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { claimDeliveries } from './claim.ts';
import { dispatchOutbox } from './dispatch-outbox.ts';
import { listDeliveries, showDelivery } from './delivery-queries.ts';
import { changeDestination } from './destinations.ts';
import { replayDelivery } from './replay.ts';

/** Waits until the condition is true. */
const when = (what: string, condition: () => Promise<boolean>) =>
  until(what, async () => ((await condition()) ? true : undefined));

const noSandbox: Sandbox = {
  run: () => Promise.reject(new Error('no connector is delivered here')),
  close: () => Promise.resolve(),
};

eachDatabase('outgoing webhooks', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let worker: DeliveryWorker | null = null;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  /** What the receiver says to the n-th request of a path. */
  const script = new Map<string, number[]>();
  let hold: Promise<void> = Promise.resolve();
  const held = new Map<string, Promise<void>>();

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, noSandbox);
    receiver = await startReceiver(({ path }, response) => {
      const status = script.get(path)?.shift() ?? 200;
      void Promise.all([hold, held.get(path)]).then(() =>
        response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end('noted'),
      );
    });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = null;
    script.clear();
    hold = Promise.resolve();
    await store.db.updateTable('destinations').set({ removed_at: new Date() }).execute();
    receiver.received.length = 0;
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  const at = (path: string) => receiver.received.filter((entry) => entry.path === path);
  const statesOf = async (destinationId: string) =>
    (await fixture.deliveries()).filter((row) => row.destination_id === destinationId).map((row) => row.state);

  it('arrive signed by both schemes, in the shape that receivers expect', async () => {
    const { id, secret } = await fixture.webhook(`${receiver.url}/signed`);
    worker = await fixture.startWorker();
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await when('the webhook', async () => (await statesOf(id)).includes('delivered'));
    const [first] = at('/signed');
    if (first === undefined) throw new Error('nothing was received');
    const { headers, body } = first;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const timestamp = String(headers['webhook-timestamp']);
    const standard = createHmac('sha256', key)
      .update(`${String(headers['webhook-id'])}.${timestamp}.${body}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${standard}`);
    expect(headers['x-signature']).toBe(
      `sha256=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`,
    );
    expect(headers['x-timestamp']).toBe(timestamp);
    expect(JSON.parse(body)).toMatchObject({
      type: 'incident.opened',
      event: 'incident.opened',
      groupId: fixture.groupId,
      data: { incident: { summary: 'Disk full on db-1' } },
    });
  });

  it('go only where the filter wants them', async () => {
    const { id } = await fixture.webhook(`${receiver.url}/filtered`, { changeTypes: ['incident.resolved'] });
    worker = await fixture.startWorker();
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await fixture.change(incident, 'incident.resolved');
    await when('the resolve', async () => (await statesOf(id)).includes('delivered'));
    expect(at('/filtered').map(({ body }) => JSON.parse(body).type)).toEqual(['incident.resolved']);
  });

  it('stay within the environment of what happened', async () => {
    const production = await fixture.webhook(`${receiver.url}/production`);
    const staging = await fixture.webhook(`${receiver.url}/staging`, { environment: 'staging' });
    worker = await fixture.startWorker();
    await fixture.change(await fixture.newIncident(), 'incident.opened', {}, 'staging');
    await fixture.change(await fixture.newIncident(), 'incident.resolved');
    await when('both', async () => [...(await statesOf(production.id)), ...(await statesOf(staging.id))].length === 2);
    await when('both', async () =>
      [...(await statesOf(production.id)), ...(await statesOf(staging.id))].every((state) => state === 'delivered'),
    );
    expect(at('/staging').map(({ body }) => JSON.parse(body).type)).toEqual(['incident.opened']);
    expect(at('/production').map(({ body }) => JSON.parse(body).type)).toEqual(['incident.resolved']);
  });

  it('are tried again after a failure, with the same id, and then are dead', async () => {
    script.set('/flaky', [500, 503]);
    script.set('/broken', [500, 500, 500]);
    const flaky = await fixture.webhook(`${receiver.url}/flaky`);
    const broken = await fixture.webhook(`${receiver.url}/broken`, { maxAttempts: 3 });
    // A 503 throttles for half a minute unless it names its time; the clock is turned back by hand below.
    worker = await fixture.startWorker();
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await when('the throttle', async () => (await fixture.destination(flaky.id)).open_until !== null);
    await store.db.updateTable('destinations').set({ open_until: null, next_due_at: new Date() }).execute();
    await when('the delivery', async () => (await statesOf(flaky.id)).includes('delivered'));
    await when('the dead letter', async () => (await statesOf(broken.id)).includes('dead'));
    expect(new Set(at('/flaky').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(at('/flaky')).toHaveLength(3);
    expect(at('/broken')).toHaveLength(3);
    const attempts = await store.db.selectFrom('attempts').select(['outcome', 'code']).execute();
    expect(attempts.filter(({ code }) => code === 'HTTP_STATUS')).toHaveLength(5);
  });

  it('of one incident run one after another, while others pass', async () => {
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const { id } = await fixture.webhook(`${receiver.url}/ordered`);
    worker = await fixture.startWorker();
    const [one, other] = [await fixture.newIncident(), await fixture.newIncident()];
    await fixture.change(one, 'incident.opened');
    await fixture.change(one, 'incident.resolved');
    await fixture.change(other, 'incident.opened');
    await when('two at the receiver', () => Promise.resolve(at('/ordered').length === 2));
    expect(at('/ordered').map(({ body }) => JSON.parse(body).type)).toEqual(['incident.opened', 'incident.opened']);
    release();
    await when('all three', async () => (await statesOf(id)).every((state) => state === 'delivered'));
    const ofOne = at('/ordered')
      .map(({ body }) => JSON.parse(body))
      .filter(({ data }) => data.incident.id === one);
    expect(ofOne.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved']);
  });

  it('pause a destination that refuses us and lose nothing', async () => {
    script.set('/closed', [401]);
    const { id } = await fixture.webhook(`${receiver.url}/closed`);
    worker = await fixture.startWorker();
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await when('attention', async () => (await fixture.destination(id)).state === 'attention');
    expect(await statesOf(id)).toEqual(['retrying']);
    const shown = await listDeliveries(store.db, fixture.groupId, { states: [], destinationId: id }, 10);
    expect(shown.map(showDelivery)).toMatchObject([{ state: 'retrying', destinationState: 'attention' }]);
    await changeDestination(store.db, fixture.groupId, id, 'webhook', { state: 'active' });
    worker.wake();
    await when('the delivery', async () => (await statesOf(id)).includes('delivered'));
  });

  it('disable a destination that is gone', async () => {
    script.set('/gone', [410]);
    const { id } = await fixture.webhook(`${receiver.url}/gone`);
    worker = await fixture.startWorker();
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await when('disabled', async () => (await fixture.destination(id)).state === 'disabled');
    expect(await fixture.destination(id)).toMatchObject({ state_code: 'DESTINATION_GONE' });
    expect(await statesOf(id)).toEqual(['dead']);
  });

  it('keep a dead destination from holding up a healthy one', async () => {
    await fixture.webhook('http://127.0.0.1:1/nobody', { maxAttempts: 50, retryScheduleMs: [5] });
    const { id } = await fixture.webhook(`${receiver.url}/healthy`);
    worker = await fixture.startWorker(2);
    for (let i = 0; i < 10; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
    await when(
      'ten deliveries',
      async () => (await statesOf(id)).filter((state) => state === 'delivered').length === 10,
    );
  });

  it('of a destination that fails and hangs leave the slots of healthy ones alone', async () => {
    let release = (): void => undefined;
    held.set('/hangs', new Promise((resolve) => (release = resolve)));
    const hanging = await fixture.webhook(`${receiver.url}/hangs`, { maxInFlight: 10 });
    await store.db
      .updateTable('destinations')
      .set({ failing_since: new Date() })
      .where('destination_id', '=', hanging.id)
      .execute();
    for (let i = 0; i < 6; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
    worker = await fixture.startWorker(2);
    await when('two that hang', () => Promise.resolve(at('/hangs').length === 2));
    const { id } = await fixture.webhook(`${receiver.url}/passes`);
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    worker.wake();
    await when('one that passes', async () => (await statesOf(id)).includes('delivered'));
    expect(at('/hangs')).toHaveLength(2);
    held.clear();
    release();
  });

  it('can be replayed one by one', async () => {
    script.set('/again', [500]);
    const { id } = await fixture.webhook(`${receiver.url}/again`, { maxAttempts: 1 });
    worker = await fixture.startWorker();
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await when('dead', async () => (await statesOf(id)).includes('dead'));
    const dead = (await fixture.deliveries()).find((row) => row.destination_id === id);
    expect(await replayDelivery(store.db, fixture.groupId, dead!.delivery_id, 'resume')).toEqual({ ok: true });
    worker.wake();
    await when('delivered', async () => (await statesOf(id)).includes('delivered'));
  });

  describe('claiming', () => {
    it('never leaves more in flight than the destination allows, however many claim at once', async () => {
      const { id } = await fixture.webhook(`${receiver.url}/capped`, { maxInFlight: 2 });
      for (let i = 0; i < 12; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
      await dispatchOutbox(store.db);
      for (let round = 0; round < 4; round++)
        await Promise.all([1, 2, 3, 4, 5, 6].map(() => claimDeliveries(store.db, 4, 'healthy')));
      expect((await statesOf(id)).filter((state) => state === 'running')).toHaveLength(2);
      await store.db.updateTable('deliveries').set({ state: 'cancelled' }).execute();
    });

    it('serves every destination, however long the queue of one is', async () => {
      const busy = await fixture.webhook(`${receiver.url}/busy`, { maxInFlight: 100 });
      for (let i = 0; i < 60; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
      await dispatchOutbox(store.db);
      const others = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => fixture.webhook(`${receiver.url}/other-${n}`)));
      await fixture.change(await fixture.newIncident(), 'incident.opened');
      await dispatchOutbox(store.db);
      const claimed = new Map<string, number>();
      for (let round = 0; round < 4; round++)
        for (const claim of await claimDeliveries(store.db, 3, 'healthy'))
          claimed.set(claim.destinationId, (claimed.get(claim.destinationId) ?? 0) + 1);
      for (const { id } of others) expect(claimed.get(id)).toBe(1);
      expect(claimed.get(busy.id)).toBeGreaterThan(0);
      await store.db.updateTable('deliveries').set({ state: 'cancelled' }).execute();
    });

    it('gives a lost worker’s delivery to the next, and the lost one can no longer end it', async () => {
      const { id } = await fixture.webhook(`${receiver.url}/lost`);
      await fixture.change(await fixture.newIncident(), 'incident.opened');
      await dispatchOutbox(store.db);
      const [lost] = await claimDeliveries(store.db, 1, 'healthy');
      expect(lost?.destinationId).toBe(id);
      // The embedded database has one process: a worker that begins waits for no lease of an earlier one.
      if (store.kind === 'postgres')
        await store.db
          .updateTable('deliveries')
          .set({ lease_until: new Date(Date.now() - 1000) })
          .where('delivery_id', '=', lost!.deliveryId)
          .execute();
      worker = await fixture.startWorker();
      await when('delivered', async () => (await statesOf(id)).includes('delivered'));
      const { finishDelivery } = await import('./finish.ts');
      await expect(
        finishDelivery(store.db, { clock: fixture.clock, publicUrl: '' }, lost!, {
          kind: 'failed',
          code: 'INTERNAL',
          message: 'late',
        }),
      ).rejects.toThrow(/LeaseLost|^$/);
      expect(await statesOf(id)).toEqual(['delivered']);
    });
  });
});

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { CallJournal } from './call-journal.ts';
import { claimDeliveries } from './claim.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { dispatchOutbox } from './dispatch-outbox.ts';
import { loadJournal } from './journal-store.ts';

const source = `
import { defineIntegration, delivered } from '@patchbay/plugin-sdk';

const codeOf = (promise) => promise.then(() => 'ok', ({ code }) => code);

export default defineIntegration({
  async deliver(change, { configuration: { url }, store }) {
    switch (change.incident.customDetails.way) {
      case 'requests': {
        const first = await codeOf(fetch(url));
        const many = Array.from({ length: ${sandboxLimits.requestsPerCall} }, () => codeOf(fetch(url)));
        return delivered({ note: first + ' ' + [...new Set(await Promise.all(many))].join() });
      }
      case 'store':
        return delivered({ note: await codeOf(store.set('k', 'x'.repeat(20_000))) });
      case 'large':
        return delivered({ note: await codeOf(fetch(url + '/large')) });
      default:
        await store.get('k');
        return delivered();
    }
  },
});
`;

eachDatabase('the budgets of a call', (newDatabase) => {
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
    receiver = await startReceiver(({ path }, response) =>
      response.end(path === '/large' ? Buffer.alloc(sandboxLimits.responseBytes + 1, 'x') : ''),
    );
  });
  afterEach(async () => {
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

  async function queued(way: string) {
    const installed = await installConnector(store, fixture, connector, { url: receiver.url });
    await fixture.change(await fixture.newIncident(), 'incident.opened', { way });
    await dispatchOutbox(store.db);
    return installed;
  }
  async function ended({ destinationId, installationId }: Awaited<ReturnType<typeof queued>>) {
    worker = await fixture.startWorker();
    const row = await until('the end', async () =>
      (await fixture.deliveries()).find(
        (delivery) =>
          delivery.destination_id === destinationId && (delivery.state === 'delivered' || delivery.state === 'dead'),
      ),
    );
    return { row, counted: fixture.callErrors.of(fixture.groupId, installationId) };
  }

  it('refuse every further request once there were too many', async () => {
    const { row, counted } = await ended(await queued('requests'));
    expect(row).toMatchObject({ state: 'delivered', message: 'ok REQUESTS_EXCEEDED' });
    expect(receiver.received).toHaveLength(1);
    expect(counted).toEqual({ REQUESTS_EXCEEDED: sandboxLimits.requestsPerCall });
  });

  it('end a call whose runs took too much CPU together', async () => {
    const call = await queued('nothing');
    await store.db
      .updateTable('deliveries')
      .set({ cpu_micros: sandboxLimits.callCpuMs * 1000 })
      .where('destination_id', '=', call.destinationId)
      .execute();
    const { row, counted } = await ended(call);
    expect(row).toMatchObject({ state: 'dead', attempts: 1, code: 'CALL_CPU_EXCEEDED' });
    expect(counted).toEqual({ CALL_CPU_EXCEEDED: 1 });
  });

  it.each([
    ['store', 'STORE_FULL'],
    ['large', 'RESPONSE_TOO_LARGE'],
  ])('are answers that the plugin sees and the operator counts: %s', async (way, code) => {
    const { row, counted } = await ended(await queued(way));
    expect(row).toMatchObject({ state: 'delivered', message: code });
    expect(counted).toEqual({ [code]: 1 });
  });

  it('hold for the journal, requests and answers together', async () => {
    await queued('nothing');
    const [claim] = await claimDeliveries(store.db, 1, 'healthy');
    if (claim === undefined) throw new Error('nothing was claimed');
    const pin = { moduleSha256: '', pluginId: '', pluginVersion: '', configuration: {} };
    const stored = await loadJournal(store.db, fixture.vault, claim, pin);
    const journal = new CallJournal({ ...fixture, db: store.db }, claim, stored);
    const half = 'x'.repeat(sandboxLimits.journalBytes / 2 - 1000);
    const ask = { number: 0, kind: 'store', digest: '', blocking: false, request: half } as const;
    journal.add([ask]);
    expect(journal.overBudget()).toBeNull();
    journal.handOver([{ number: 0, answer: { ok: half } }], new Date());
    expect(journal.overBudget()).toBeNull();
    journal.add([{ ...ask, number: 1, request: 'x'.repeat(2000) }]);
    expect(journal.overBudget()).toMatchObject({ error: { code: 'JOURNAL_TOO_LARGE' } });
  });
});

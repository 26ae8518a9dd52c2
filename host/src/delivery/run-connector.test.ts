import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { putSecret } from '../secrets/secret-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture, type Received } from './delivery-fixture.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { changeDestination } from './destinations.ts';
import { replayDelivery } from './replay.ts';

/** Enough for the plugin to have gone on without this answer. */
const LATE_MS = 500;

/** One function for each way to deliver; the change names it. */
const source = `
import { defineIntegration, delivered, failed, retry, store, PatchbayError } from '@patchbay/plugin-sdk';

const ways = {
  /** Makes one thing, and at the same time asks for another. */
  async together({ post, get }) {
    const [made, other] = await Promise.all([post('/create'), get('/other')]);
    if (made.status === 201 && other.status === 200) return delivered();
    return retry('not all went well');
  },
  async createThenRetry({ post }) {
    await post('/create');
    return retry('for no reason that an answer gives');
  },
  async retryAfterStore({ get, post }, { store }) {
    await post('/create');
    const other = await get('/other');
    await store.set('status', other.status);
    return other.status === 200 ? delivered() : retry('limited');
  },
  async retryAfterSleep({ get, post }, { sleep }) {
    await post('/create');
    const other = await get('/other');
    if (other.status === 200) return delivered();
    await sleep(20);
    return retry('limited');
  },
  async named({ post }) {
    const first = await post('/create');
    const second = await post('/limited');
    if ((await second.clone().json()).ok) return delivered();
    return retry('the answer says so', { after: 0, answers: [second, first] });
  },
  async repeatable({ put }) {
    const answer = await put('/slot');
    return answer.status === 200 ? delivered() : retry('once more');
  },
  /** Gives up before everything was answered. */
  async early({ get, post }) {
    const late = get('/late');
    const made = post('/create');
    const first = await get('/slot');
    if (first.status !== 200) return retry('the first');
    await made;
    return (await late).status === 200 ? delivered() : retry('the late one');
  },
  async uncaught({ post }) {
    await post('/lost');
    return delivered();
  },
  async beside({ post, get }) {
    const [, lost] = await Promise.allSettled([get('/other'), post('/lost')]);
    if (lost.status === 'rejected') throw lost.reason;
    return delivered();
  },
  async credential({ post, url }) {
    const made = post('/create');
    const whoami = await fetch(url + '/whoami', { credential: 'token' });
    await made;
    return whoami.status === 200 ? delivered() : failed('who am I?');
  },
};

export default defineIntegration({
  deliver(change, context) {
    const { url } = context.configuration;
    const send = (method) => (path, init = {}) => fetch(url + path, { method, ...init });
    const way = ways[change.incident.customDetails.way];
    return way({ url, get: send('GET'), post: send('POST'), put: send('PUT') }, context);
  },
});
`;

eachDatabase('a connector that asks for another attempt', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: TestConnector;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let worker: DeliveryWorker | null = null;
  /** What the receiver does with the next requests of a path: a status, or nothing at all. */
  const script = new Map<string, (number | 'broken' | { status: number; body: unknown })[]>();

  beforeAll(async () => {
    connector = await compileConnector(source, {
      secrets: [{ name: 'token', title: 'Token', credential: { kind: 'bearer', host: { configuration: 'url' } } }],
    });
    sandbox = sandboxOf(connector);
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    receiver = await startReceiver(({ path }, response) => {
      const step = script.get(path)?.shift() ?? (path === '/create' ? 201 : 200);
      if (path === '/late') setTimeout(() => response.writeHead(Number(step)).end(), LATE_MS);
      else if (step === 'broken') response.destroy();
      else if (typeof step === 'number') response.writeHead(step).end('{"ok":true}');
      else response.writeHead(step.status).end(JSON.stringify(step.body));
    });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = null;
    script.clear();
    receiver.received.length = 0;
    await store.db.updateTable('destinations').set({ removed_at: new Date() }).execute();
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await sandbox.close();
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  const at = (path: string): Received[] => receiver.received.filter((entry) => entry.path === path);
  const keysOf = (path: string) => at(path).map(({ headers }) => headers['idempotency-key']);
  const only = async (destinationId: string) => {
    const [row] = (await fixture.deliveries()).filter((delivery) => delivery.destination_id === destinationId);
    if (row === undefined) throw new Error('There is no delivery');
    return row;
  };

  /** Carries out one delivery; throttles of the destination are lifted. */
  async function deliver(way: string) {
    const installed = await installConnector(store, fixture, connector, { url: receiver.url });
    await putSecret(store.db, fixture.vault, {
      groupId: fixture.groupId,
      environment: 'production',
      ownerKind: 'installation',
      ownerId: installed.installationId,
      name: 'token',
      value: 'a-token-of-the-test-0123456789',
    });
    await fixture.change(await fixture.newIncident(), 'incident.opened', { way });
    worker = await fixture.startWorker();
    const ended = await until('the end', () => settled(installed.destinationId));
    return { ...installed, ended };
  }

  async function settled(destinationId: string) {
    await store.db.updateTable('destinations').set({ open_until: null, next_due_at: new Date() }).execute();
    worker?.wake();
    const [row] = (await fixture.deliveries()).filter((delivery) => delivery.destination_id === destinationId);
    return row?.state === 'delivered' || row?.state === 'dead' ? row : undefined;
  }

  it('makes nothing twice that was made beside an answer that calls for it', async () => {
    script.set('/other', [429, 503]);
    const { ended } = await deliver('together');
    expect(ended).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(at('/create')).toHaveLength(1);
    expect(at('/other')).toHaveLength(3);
  });

  it('is dead at once when nothing that was answered calls for it', async () => {
    const { ended } = await deliver('createThenRetry');
    expect(ended).toMatchObject({ state: 'dead', attempts: 1, code: 'RETRY_REQUESTED' });
    expect(at('/create')).toHaveLength(1);
  });

  it.each(['retryAfterStore', 'retryAfterSleep'])('may have stored something or slept meanwhile: %s', async (way) => {
    script.set('/other', [429]);
    const { ended, installationId } = await deliver(way);
    expect(ended).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(at('/create')).toHaveLength(1);
    expect(at('/other')).toHaveLength(2);
    if (way !== 'retryAfterStore') return;
    const stored = await store.db
      .selectFrom('plugin_store')
      .select(['key', 'value', 'version'])
      .where('installation_id', '=', installationId)
      .execute();
    expect(stored).toEqual([{ key: 'status', value: 200, version: 2 }]);
  });

  it('names answers that only it can read, and others stay', async () => {
    script.set('/limited', [{ status: 200, body: { ok: false } }]);
    const { ended } = await deliver('named');
    expect(ended).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(at('/create')).toHaveLength(1);
    expect(at('/limited')).toHaveLength(2);
  });

  it('sends with another key after an answer, and with the same one after none', async () => {
    script.set('/slot', ['broken', 'broken', 503]);
    const { ended } = await deliver('repeatable');
    expect(ended).toMatchObject({ state: 'delivered', attempts: 4 });
    const [first, second, third, fourth] = keysOf('/slot');
    expect(first).toBeTypeOf('string');
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
  });

  it('asks again for what was answered after it had given up', async () => {
    script.set('/slot', [503]);
    script.set('/late', [429]);
    const { ended } = await deliver('early');
    expect(ended).toMatchObject({ state: 'delivered' });
    expect(at('/create')).toHaveLength(1);
    expect(at('/late')).toHaveLength(2);
    expect(at('/slot')).toHaveLength(2);
  });

  it.each(['uncaught', 'beside'])('stops for a person when an outcome is unknown: %s', async (way) => {
    script.set('/lost', ['broken']);
    script.set('/other', [429, 429]);
    const { ended, destinationId } = await deliver(way);
    expect(ended).toMatchObject({ state: 'dead', attempts: 1, code: 'OUTCOME_UNKNOWN' });
    expect(at('/lost')).toHaveLength(1);
    const { delivery_id: id } = ended;
    expect(await replayDelivery(store.db, fixture.groupId, id, 'resume')).toEqual({ ok: true });
    await until('the end', () => settled(destinationId));
    expect(await only(destinationId)).toMatchObject({ state: 'dead', code: 'OUTCOME_UNKNOWN' });
    expect(at('/lost')).toHaveLength(1);
    expect(await replayDelivery(store.db, fixture.groupId, id, 'from-nothing')).toEqual({ ok: true });
    await until('the end', () => settled(destinationId));
    expect(await only(destinationId)).toMatchObject({ state: 'delivered' });
    expect(at('/lost')).toHaveLength(2);
  });

  it('keeps what was made when a credential is refused, and asks with it again once a person has looked', async () => {
    script.set('/whoami', [403]);
    const installed = await installConnector(store, fixture, connector, { url: receiver.url });
    await putSecret(store.db, fixture.vault, {
      groupId: fixture.groupId,
      environment: 'production',
      ownerKind: 'installation',
      ownerId: installed.installationId,
      name: 'token',
      value: 'a-token-of-the-test-0123456789',
    });
    await fixture.change(await fixture.newIncident(), 'incident.opened', { way: 'credential' });
    worker = await fixture.startWorker();
    const { destinationId } = installed;
    await until('attention', async () =>
      (await fixture.destination(destinationId)).state === 'attention' ? true : undefined,
    );
    await changeDestination(store.db, fixture.groupId, destinationId, 'connector', { state: 'active' });
    await until('the end', () => settled(destinationId));
    expect(await only(destinationId)).toMatchObject({ state: 'delivered' });
    expect(at('/create')).toHaveLength(1);
    expect(at('/whoami')).toHaveLength(2);
  });
});

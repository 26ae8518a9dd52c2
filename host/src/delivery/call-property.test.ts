import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { sql, type Kysely, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { capabilities } from '@patchbay/plugin-sdk/contract/permissions';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import type { Database } from '../store/schema.ts';
import { claimDeliveries, type ClaimedDelivery } from './claim.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, type DeliveryFixture } from './delivery-fixture.ts';
import { dispatchOutbox } from './dispatch-outbox.ts';
import { finishDelivery, type Ending } from './finish.ts';
import { loadJournal } from './journal-store.ts';
import { Lease } from './lease.ts';
import { recoverLeases } from './recover-leases.ts';
import { runConnector } from './run-connector.ts';

/** Every request has a name of its own, so that the receiver can say what was sent twice. */
type Program =
  | { kind: 'get' | 'post' | 'put' | 'limited'; id: number }
  | { kind: 'store' | 'sleep' | 'chance' }
  | { kind: 'sequence' | 'all' | 'race' | 'settled'; of: Program[] };

const source = `
import { defineIntegration, delivered, retry, store, PatchbayError } from '@patchbay/plugin-sdk';

export default defineIntegration({
  async deliver(change, { configuration: { url }, store, sleep }) {
    let limited = false;
    const send = async (method, path) => {
      try {
        const response = await fetch(url + path, { method });
        if (response.status === 429) limited = true;
        return method + response.status;
      } catch (error) {
        if (!(error instanceof PatchbayError)) throw error;
        return error.code;
      }
    };
    const run = async (program) => {
      switch (program.kind) {
        case 'get': return send('GET', '/' + program.id);
        case 'post': return send('POST', '/' + program.id);
        case 'put': return send('PUT', '/' + program.id);
        case 'limited': return send('GET', '/limited/' + program.id);
        case 'store': return 'v' + (await store.set('k', (await store.get('k')) ?? 0));
        case 'sleep': await sleep(3); return 'slept';
        case 'chance': return send('GET', '/chance/' + Math.random());
        case 'sequence': { const all = []; for (const one of program.of) all.push(await run(one)); return all.join(); }
        case 'all': return (await Promise.all(program.of.map(run))).join();
        case 'settled': return (await Promise.allSettled(program.of.map(run))).map(({ value }) => value).join();
        case 'race': return program.of.length === 0 ? '' : Promise.race(program.of.map(run));
      }
    };
    const said = await run(change.incident.customDetails.program);
    return limited ? retry('limited', 0) : delivered({ note: said.slice(0, 500) });
  },
});
`;

const anyProgram = fc
  .letrec<{ program: Program }>((tie) => ({
    program: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'program' },
      fc.record({ kind: fc.constantFrom('get', 'post', 'post', 'put', 'limited' as const), id: fc.constant(0) }),
      fc.record({ kind: fc.constantFrom('store', 'sleep', 'chance' as const) }),
      fc.record({
        kind: fc.constantFrom('sequence', 'all', 'race', 'settled' as const),
        of: fc.array(tie('program'), { minLength: 1, maxLength: 4, depthIdentifier: 'program' }),
      }),
    ),
  }))
  .program.map((program) => numbered(structuredClone(program)));

function numbered(program: Program, next = { id: 0 }): Program {
  if ('id' in program) program.id = next.id++;
  if ('of' in program) for (const one of program.of) numbered(one, next);
  return program;
}

/** What happens to a call: how long each answer takes, and at which transactions the host dies, before or after it. */
const anyFate = fc.record({
  delaysMs: fc.array(fc.nat(12), { minLength: 1, maxLength: 12 }),
  crashes: fc.array(fc.record({ at: fc.nat(12), committed: fc.boolean() }), { maxLength: 4 }),
});

class Crash extends Error {}

/** The host dies at the n-th transaction: nothing of it, or all of it and nothing after it. */
function dyingAt(db: Kysely<Database>, crash: { at: number; committed: boolean } | undefined): Kysely<Database> {
  let count = 0;
  return new Proxy(db, {
    get(target, name) {
      if (name !== 'transaction') {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return () => ({
        async execute(work: (trx: Transaction<Database>) => Promise<unknown>) {
          const dies = count++ === crash?.at;
          if (dies && !crash?.committed) throw new Crash();
          const result = await target.transaction().execute(work);
          if (dies) throw new Crash();
          return result;
        },
      });
    },
  });
}

eachDatabase('a call, whatever happens to it', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: TestConnector;
  let server: Server;
  let url: string;
  /** Requests by method and path, with their Idempotency-Keys. */
  const received = new Map<string, string[]>();
  let delaysMs = [0];
  let arrived = 0;

  beforeAll(async () => {
    connector = await compileConnector(source);
    sandbox = sandboxOf(connector);
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    server = createServer((request, response) => {
      const name = `${request.method} ${request.url}`;
      const keys = received.get(name) ?? [];
      received.set(name, [...keys, String(request.headers['idempotency-key'])]);
      const status = request.method === 'POST' ? 201 : name.includes('/limited/') && keys.length === 0 ? 429 : 200;
      const delay = delaysMs[arrived++ % delaysMs.length] ?? 0;
      void pause(delay).then(() => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await installConnector(store, fixture, connector, { url });
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await sandbox.close();
    await fixture.close();
    await store.close();
  });

  const plugin = () => ({ manifest: connector.manifest, moduleSha256: connector.sha256, configuration: { url } });

  async function claim(): Promise<ClaimedDelivery> {
    await sql`update deliveries set due_at = now() where state in ('retrying', 'waiting', 'queued')`.execute(store.db);
    await sql`update destinations set next_due_at = now(), open_until = null`.execute(store.db);
    for (const health of ['healthy', 'failing'] as const) {
      const [claimed] = await claimDeliveries(store.db, 1, health);
      // The CPU budget of a call is not what this is about.
      if (claimed !== undefined) return { ...claimed, cpuMicros: 0 };
    }
    throw new Error('Nothing is due');
  }

  /** One attempt, or the part of it until the host dies; undefined then. */
  async function attempt(claimed: ClaimedDelivery, crash: { at: number; committed: boolean } | undefined) {
    const db = dyingAt(store.db, crash);
    const lease = new Lease(store.db, claimed);
    try {
      const world = { ...fixture, db, sandbox, publicUrl: '' };
      const ending = await runConnector(world, claimed, plugin(), lease);
      await finishDelivery(db, world, claimed, ending);
      return ending;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await sql`update deliveries set lease_until = now() - interval '1 second' where state = 'running'`.execute(
        store.db,
      );
      await recoverLeases(store.db, 'lost');
      return undefined;
    } finally {
      lease.end();
    }
  }

  it('ends with one output, sends nothing twice that must not be, and never differs from itself', async () => {
    await fc.assert(
      fc.asyncProperty(anyProgram, anyFate, async (program, fate) => {
        received.clear();
        delaysMs = fate.delaysMs;
        arrived = 0;
        await fixture.change(await fixture.newIncident(), 'incident.opened', { program });
        await dispatchOutbox(store.db);
        await sql`update deliveries set max_attempts = 100 where state = 'queued'`.execute(store.db);
        const crashes = [...fate.crashes];
        let claimed: ClaimedDelivery;
        let ending: Ending | undefined;
        do {
          claimed = await claim();
          const crash = crashes.shift();
          ending = await attempt(claimed, crash);
          // A host that died after it had written the end does not carry it out again.
          const [row] = (await fixture.deliveries()).slice(-1);
          if (ending === undefined && row?.state === 'delivered')
            ending = { kind: 'delivered', message: row.message ?? '' };
          if (ending === undefined && row?.state === 'dead')
            ending = { kind: 'failed', code: row.code as never, message: '' };
        } while (ending === undefined || ending.kind === 'retry' || ending.kind === 'waiting');

        // A limit whose answer came before other requests were made cannot be asked for again: that is the plugin's own.
        if (ending.kind === 'failed') expect(ending.code).toBe('RETRY_REQUESTED');
        else expect(ending.kind).toBe('delivered');
        for (const [name, keys] of received) {
          if (name.startsWith('POST ')) expect([name, keys.length]).toEqual([name, 1]);
          // What went again without a definite answer went with the same key.
          else if (!name.includes('/limited/')) expect([name, new Set(keys).size]).toEqual([name, 1]);
        }
        if (ending.kind === 'delivered') expect(await replayed(claimed)).toBe(ending.message ?? '');
      }),
      { numRuns: 30 },
    );
  });

  /** What a run of the whole journal says, after the end. */
  async function replayed(claimed: ClaimedDelivery): Promise<string> {
    const { deliveryId } = claimed;
    const claimId = 'replay';
    const again = { state: 'running', claim_id: claimId } as const;
    const before = await store.db
      .selectFrom('deliveries')
      .select(['state', 'claim_id'])
      .where('delivery_id', '=', deliveryId)
      .executeTakeFirstOrThrow();
    await store.db.updateTable('deliveries').set(again).where('delivery_id', '=', deliveryId).execute();
    const pin = { moduleSha256: '', pluginId: '', pluginVersion: '', configuration: {} };
    const { journal } = await loadJournal(store.db, fixture.vault, { ...claimed, claimId }, pin);
    await store.db.updateTable('deliveries').set(before).where('delivery_id', '=', deliveryId).execute();
    const run = await sandbox.run({
      module: connector.sha256,
      export: 'deliver',
      grants: capabilities,
      input: JSON.stringify({
        abi: 1,
        change: claimed.change,
        delivery: { id: deliveryId, attempt: 1 },
        configuration: { url },
      }),
      group: fixture.groupId,
      installation: '',
      journal,
    });
    if (run.status !== 'done') throw new Error(JSON.stringify(run));
    return (JSON.parse(run.output) as { result: { note: string } }).result.note;
  }
});

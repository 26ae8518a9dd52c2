import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { storeAskSchema } from '@patchbay/plugin-sdk/contract/journal';
import { deliveryDetailSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { capabilities } from '@patchbay/plugin-sdk/contract/permissions';
import type { RunRequest, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { createSandbox, type ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { echo, loaderOf, textModule } from '@patchbay/plugin-sdk/sandbox/test-modules';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { sleepRefusal } from '../effects/sleep-permission.ts';
import { callIngest } from '../ingest/plugin-call.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { compileConnector, installConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import { readDelivery } from './delivery-queries.ts';
import { readEmit } from './emitted-events.ts';

const delivered = '{"abi":1,"result":{"outcome":"delivered"}}';
/** Asks with its input as the request, and is content with any answer. */
const asker = textModule(
  `(func (export "ingest") (result i32)
    (call $input_read (i32.const 1024))
    (drop (call $ask (i32.const 1024) (call $input_length)))
    (if (i32.lt_s (call $batch_length) (i32.const 0)) (then (return (i32.const 0))))
    (call $batch_read (i32.const 1048576))
    (call $output_write (i32.const 0) (i32.const ${delivered.length}))
    (i32.const 0))
   (data (i32.const 0) "${delivered.replaceAll('"', '\\"')}")`,
  { memory: '64' },
);

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', 0, -1, 0.5, 1e308, true, [], {}, '\ud800', '\0', 'x'.repeat(20_000)),
  fc.constantFrom<unknown>(
    JSON.parse('{"__proto__":{"polluted":1}}'),
    { constructor: 1 },
    Array.from({ length: 2000 }, () => ({})),
  ),
  fc.constantFrom<unknown>('http://127.0.0.1', 'https://', 'file:///etc/passwd', 'POST', 'a\r\nb: c', '__proto__'),
);
/** Of one shape, with any field left out, replaced or added. */
function likeness(shape: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(shape).map(([name, value]) =>
    fc
      .oneof({ weight: 3, arbitrary: fc.constant<unknown>(value) }, odd, fc.constant(undefined))
      .map((one) => [name, one] as const),
  );
  return fc
    .tuple(fc.tuple(...fields), fc.dictionary(fc.string({ maxLength: 8 }), odd, { maxKeys: 1 }))
    .map(([pairs, more]) => ({ ...more, ...Object.fromEntries(pairs) }));
}

const event = {
  event_action: 'trigger',
  dedup_key: 'k',
  payload: { summary: 's', source: 'x', severity: 'error', custom_details: { a: 1 } },
  links: [{ href: 'https://example.com' }],
};
const resultOf = (...shapes: Record<string, unknown>[]) =>
  fc.oneof(...shapes.map(likeness)).chain((result) => likeness({ abi: 1, result }));
const ingestOutput = resultOf(
  { outcome: 'events', events: [event], answer: { status: 200, body: 'ok' } },
  { outcome: 'events', events: [event, event] },
  { outcome: 'ignored', reason: 'so' },
  { outcome: 'invalid', reason: 'so', issues: [{ path: 'a', message: 'b' }] },
);
const deliverOutput = resultOf(
  { outcome: 'delivered', note: 'n', linked: { key: 'K-1', href: 'https://example.com', title: 't' } },
  { outcome: 'retry', reason: 'r', retryAfterSeconds: 1, answers: [0] },
  { outcome: 'skipped', reason: 'so' },
  { outcome: 'failed', reason: 'so' },
);
const textOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: value.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    fc.constantFrom('', '{', 'null', '[]', `${'['.repeat(5000)}${']'.repeat(5000)}`, `{"abi":1,"abi":2}`),
  );

describe('whatever a plugin says', () => {
  const newDatabase = pgliteDatabases();
  let real: ProcessSandbox;
  beforeAll(() => void (real = createSandbox({ loadModule: loaderOf(echo, asker), processes: 2 })));
  afterAll(() => real.close());

  /** The real sandbox, with a module that says this text whatever it is asked. */
  const saying = (module: string, text: (request: RunRequest) => string): Sandbox => ({
    run: (request) =>
      real.run({
        ...request,
        module,
        export: 'ingest',
        grants: capabilities,
        input: text(request),
        installation: newId('installation'),
        limits: { runCpuMs: 5_000, runWallMs: 60_000 },
      }),
    close: () => Promise.resolve(),
  });

  it('of a request, an outcome comes of it', async () => {
    const plugin = { module: echo.sha256, grants: [], installationId: newId('installation') };
    const input = {
      requestId: 'req_1',
      receivedAt: '2026-01-01T00:00:00.000Z',
      method: 'POST',
      body: Buffer.from('{}'),
    };
    const more = { headers: '{}', query: '{}', contentType: 'application/json', configuration: '{}' };
    await fc.assert(
      fc.asyncProperty(textOf(ingestOutput), async (text) => {
        const group = { groupId: newId('group'), gate: null };
        const sandbox = saying(echo.sha256, () => text);
        const outcome = await callIngest(sandbox, plugin as never, group, { ...input, ...more }, 0);
        expect(['understood', 'invalid', 'failed']).toContain(outcome.outcome);
        if (outcome.outcome === 'failed') expect(outcome).toMatchObject({ fault: 'plugin', code: 'OUTPUT_INVALID' });
        if (outcome.outcome === 'understood' && outcome.result.outcome === 'events')
          for (const one of outcome.result.events) expect(typeof one.dedup_key).toBe('string');
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of a sleep or an event, the answer says whether it may be', () => {
    const permissions = { emit: { kinds: ['note'] }, schedule: { maxDelaySeconds: 60 } };
    const asks = fc.oneof(
      likeness({ op: 'sleep', ms: 5 }),
      likeness({ kind: 'note', data: event }),
      likeness({ op: 'set', key: 'k', value: 1, ifVersion: null }),
    );
    fc.assert(
      fc.property(asks, (ask) => {
        const text = JSON.stringify(ask);
        const slept = sleepRefusal(permissions, text);
        if (slept === null) expect(ask).toMatchObject({ op: 'sleep', ms: expect.any(Number) });
        const emitted = readEmit({ id: 'acme/x', permissions }, { emitDepth: 0 }, 1, text);
        if (emitted.ok) expect(emitted.emitted.type).toBe('acme/x/note');
        else expect(emitted.answer).toMatchObject({ error: { code: expect.any(String) } });
        expect(typeof storeAskSchema.safeParse(JSON.parse(text)).success).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  describe('of a delivery', () => {
    let store: Store;
    let fixture: DeliveryFixture;
    let receiver: Awaited<ReturnType<typeof startReceiver>>;
    let said: { module: string; text: string }[] = [];

    beforeAll(async () => {
      store = await openStore(await newDatabase());
      const of = ({ input }: RunRequest) => {
        const number = Number(/"way":(\d+)/.exec(input)?.[1]);
        return said[number] ?? { module: echo.sha256, text: '' };
      };
      fixture = await createDeliveryFixture(store, {
        run: (request) => saying(of(request).module, () => of(request).text).run(request),
        close: () => Promise.resolve(),
      });
      receiver = await startReceiver((_request, response) => response.end('{}'));
    });
    afterAll(async () => {
      await receiver.close();
      await fixture.close();
      await store.close();
    });

    it('it ends in a state, and the worker goes on', async () => {
      const { url } = receiver;
      const request = likeness({ url, method: 'POST', headers: {}, body: null, credential: null, repeatable: true });
      said = [
        ...fc.sample(textOf(deliverOutput), 60).map((text) => ({ module: echo.sha256, text })),
        ...fc.sample(request, 60).map((one) => ({ module: asker.sha256, text: JSON.stringify(one) })),
        { module: echo.sha256, text: delivered },
      ];
      const connector = await compileConnector(
        `import { defineIntegration, delivered } from '@patchbay/plugin-sdk';
         export default defineIntegration({ deliver: () => delivered() });`,
        { permissions: { http: [{ scheme: 'http', host: { configuration: 'url' }, methods: ['POST'] }] } },
      );
      const { destinationId } = await installConnector(store, fixture, connector, { url });
      await fixture.hurry(destinationId, { maxInFlight: 16, retryScheduleMs: [600_000] });
      const worker = await fixture.startWorker();
      try {
        for (const way of said.keys()) await fixture.change(await fixture.newIncident(), 'incident.opened', { way });
        const rows = await until(
          'the end of all',
          async () => {
            const all = await fixture.deliveries();
            const open = all.filter(({ state, attempts }) => attempts === 0 || state === 'running');
            return all.length === said.length && open.length === 0 ? all : undefined;
          },
          300_000,
        ).catch(async () => fixture.deliveries());
        const stuck = rows.flatMap(({ state, attempts }, at) =>
          attempts === 0 || !['delivered', 'skipped', 'dead', 'retrying'].includes(state) ? [[state, said[at]]] : [],
        );
        expect(stuck).toEqual([]);
        expect(fixture.failures).toEqual([]);
        expect(rows.at(-1)?.state).toBe('delivered');
        for (const { delivery_id } of rows) {
          const detail = await readDelivery(store.db, fixture.vault, fixture.groupId, delivery_id);
          expect(deliveryDetailSchema.safeParse(detail).error).toBeUndefined();
        }
      } finally {
        await worker.stop();
      }
    });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { noProgress } from '@patchbay/plugin-sdk/cli/progress';
import { replayCommand } from '@patchbay/plugin-sdk/cli/replay-command';
import { exportedCallSchema, type ExportedCall } from '@patchbay/plugin-sdk/contract/exported-call';
import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { compileConnector, installConnector, sandboxOf, type TestConnector } from './connector-fixture.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from './delivery-fixture.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import type { DeliveryWorker } from './delivery-worker.ts';
import { changeDestination } from './destinations.ts';

const source = `import { defineIntegration, delivered } from '@patchbay/plugin-sdk';

interface Made {
  id: string;
  parts: { name: string }[];
}

function firstPart(made: Made): string {
  return made.parts[0].name;
}

export default defineIntegration<{ url: string }>({
  async deliver(change, { configuration, store, log }) {
    const body = JSON.stringify({ of: change.incident.summary, chance: Math.random(), at: Date.now() });
    const answer = await fetch(configuration.url + '/create', { method: 'POST', body });
    if (!answer.ok) throw new Error('refused');
    const made = await answer.json();
    await store.set('made', made.id);
    log.info('made', { id: made.id });
    return delivered({ note: firstPart(made) });
  },
});
`;
const THROWING_LINE = source.slice(0, source.indexOf('return made.parts')).split('\n').length;

eachDatabase('an exported call', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: TestConnector;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let worker: DeliveryWorker | null = null;
  let app: FastifyInstance;
  let actor: Actor;
  let folder: string;
  let answer: { status: number; body: unknown };

  beforeAll(async () => {
    connector = await compileConnector(source);
    sandbox = sandboxOf(connector);
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    receiver = await startReceiver((_received, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    folder = await mkdtemp(join(tmpdir(), 'patchbay-replayed-'));
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'plugin.json'), JSON.stringify(connector.manifest));

    actor = { groupId: fixture.groupId, name: 'user:ann', userId: 'ann' } as Actor;
    app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) =>
      error instanceof ApiError
        ? reply.code(error.status).send(error.envelope())
        : reply.code(500).send({ said: String(error) }),
    );
    app.decorateRequest('actor', { getter: () => actor });
    await app.register(deliveryRoutes({ store, vault: fixture.vault, hub: createLiveHub() }) as never);
  });
  afterEach(async () => {
    await worker?.stop();
    worker = null;
    await store.db.updateTable('destinations').set({ removed_at: new Date() }).execute();
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await app.close();
    await sandbox.close();
    await receiver.close();
    await fixture.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Carries out one delivery to its end. */
  async function delivery(answered: typeof answer, customDetails: Record<string, unknown> = {}): Promise<string> {
    answer = answered;
    const { destinationId } = await installConnector(store, fixture, connector, { url: receiver.url });
    await changeDestination(store.db, fixture.groupId, destinationId, 'connector', { maxAttempts: 1 });
    await fixture.change(await fixture.newIncident(), 'incident.opened', customDetails);
    worker = await fixture.startWorker();
    return until('the end', async () => {
      const [row] = (await fixture.deliveries()).filter((one) => one.destination_id === destinationId);
      return row?.state === 'delivered' || row?.state === 'dead' ? row.delivery_id : undefined;
    });
  }

  const exportOf = (id: string) => app.inject({ url: `/api/deliveries/${id}/export` });
  const callOf = async (id: string): Promise<ExportedCall> => {
    const exported = await exportOf(id);
    expect(exported.statusCode, exported.body).toBe(200);
    return exportedCallSchema.parse(exported.json());
  };
  async function replay(call: ExportedCall, code = source) {
    const file = join(folder, 'call.json');
    await writeFile(file, JSON.stringify(call));
    await writeFile(join(folder, 'src', 'index.ts'), code);
    return replayCommand(file, { plugin: folder }, noProgress);
  }

  it('ends elsewhere as it ended here, from the same answers, time and randomness, and sends nothing', async () => {
    const call = await callOf(await delivery({ status: 201, body: { id: 'm-1', parts: [{ name: 'first' }] } }));
    expect(call).toMatchObject({
      plugin: { id: connector.manifest.id, moduleSha256: connector.sha256 },
      delivery: { state: 'delivered' },
      ...{ redacted: [], replays: 'exactly' },
    });
    receiver.received.length = 0;
    const replayed = await replay(call);
    expect(replayed.lines.join('\n')).toContain('delivered: first');
    expect(replayed).toMatchObject({
      exitCode: 0,
      report: {
        ...{ plugin: { sameModule: true }, outcome: 'delivered', note: 'first' },
        journal: [
          { number: 0, kind: 'http', what: `POST ${receiver.url}/create`, answer: '201' },
          { number: 1, kind: 'store', what: 'set made', answer: 'ok' },
        ],
        logs: [{ message: 'made', fields: { id: 'm-1' } }],
      },
    });
    expect(receiver.received).toEqual([]);
  });

  it('names the line of the author’s file at which the plugin failed', async () => {
    const call = await callOf(await delivery({ status: 201, body: { id: 'm-1' } }));
    expect(call.delivery).toMatchObject({ state: 'dead', code: 'PLUGIN_ERROR' });
    const { exitCode, lines } = await replay(call);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(new RegExp(`PLUGIN_ERROR[^]*TypeError[^]*src/index\\.ts:${THROWING_LINE}:`));
  });

  it('names the ask that a changed plugin makes differently, then and now', async () => {
    const call = await callOf(await delivery({ status: 201, body: { id: 'm-1', parts: [{ name: 'first' }] } }));
    const { exitCode, report, lines } = await replay(call, source.replace("set('made'", "set('created'"));
    expect({ exitCode, report }).toMatchObject({
      exitCode: 1,
      report: {
        ...{ code: 'NON_DETERMINISTIC', plugin: { sameModule: false } },
        differs: {
          number: 1,
          before: expect.stringContaining('"key":"made"'),
          now: expect.stringContaining('"key":"created"'),
        },
      },
    });
    expect(lines.join('\n')).toContain('ask.key: expected "made", got "created"');
  });

  it('says for what it waits when its last answer was taken back for another attempt', async () => {
    const call = await callOf(await delivery({ status: 503, body: {} }));
    expect(call.delivery.state).toBe('dead');
    const replayed = await replay(call);
    expect(replayed).toMatchObject({
      exitCode: 3,
      report: { outcome: 'open', waitsFor: [{ number: 0, what: `POST ${receiver.url}/create`, answer: null }] },
    });
  });

  it('holds no secret, says where one was, and that it may go another way', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const body = { id: 'm-1', access_token: 'hush-hush-hush', parts: [{ name: 'first' }] };
    const id = await delivery({ status: 201, body }, { note: `use ${secret}`, password: 'hunter22' });
    const text = (await exportOf(id)).body;
    for (const hidden of [secret, 'hush-hush-hush', 'hunter22']) expect(text).not.toContain(hidden);
    const call = await callOf(id);
    expect(call).toMatchObject({
      replays: 'maybe',
      redacted: [
        'input.change.incident.customDetails.note',
        'input.change.incident.customDetails.password',
        'journal.batches.0.answers.0.1.ok.body',
      ],
    });
    // This plugin looks at none of it.
    expect(await replay(call)).toMatchObject({ exitCode: 0, report: { note: 'first', replays: 'maybe' } });
  });

  it('is there for the own group only, once it has a journal and while nobody carries it out, and is logged', async () => {
    const id = await delivery({ status: 201, body: { id: 'm-1', parts: [{ name: 'first' }] } });
    await worker?.stop();
    const audited = await store.db
      .selectFrom('audit_log')
      .selectAll()
      .where('action', '=', 'delivery.export')
      .execute();
    await callOf(id);
    expect(
      await store.db.selectFrom('audit_log').selectAll().where('action', '=', 'delivery.export').execute(),
    ).toHaveLength(audited.length + 1);
    const own = actor;
    actor = { ...own, groupId: newId('group') as GroupId };
    expect((await exportOf(id)).statusCode).toBe(404);
    actor = own;
    const set = (change: object) =>
      store.db
        .updateTable('deliveries')
        .set(change)
        .where('delivery_id', '=', id as never)
        .execute();
    await set({ state: 'running', claim_id: 'x' });
    expect((await exportOf(id)).statusCode).toBe(409);
    await set({ state: 'delivered', claim_id: null, journal_seed: null });
    expect((await exportOf(id)).json()).toMatchObject({ error: { code: 'CONFLICT' } });
  });

  it('is refused when it is none, of another plugin, or of a format to come', async () => {
    const call = await callOf(await delivery({ status: 201, body: { id: 'm-1', parts: [{ name: 'first' }] } }));
    expect(await replay({ ...call, version: 2 as never })).toMatchObject({
      exitCode: 1,
      report: { error: { code: 'BODY_INVALID', message: expect.stringContaining('format 2') } },
    });
    expect(await replay({ ...call, journal: 3 as never })).toMatchObject({ exitCode: 1 });
    expect(await replay({ ...call, plugin: { ...call.plugin, id: 'acme/other' } })).toMatchObject({ exitCode: 2 });
  });
});

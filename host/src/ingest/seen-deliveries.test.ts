import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eachDatabase } from '../../../test/support/databases.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import type { IngestDeps } from './create-ingest.ts';
import { createReplayGuard } from './replay-guard.ts';
import {
  echoPlugin,
  openTestDoor,
  trigger,
  type TestDoor,
  type TestIntegration,
  type TestPlugin,
} from './test-door.ts';

const SECRET = 'sesame-sesame';
const manifest = {
  authentication: {
    signatures: [{ kind: 'hmac', header: 'X-Sig', hash: 'sha256', encoding: 'hex', idHeader: 'X-Id' } as const],
  },
};

eachDatabase('a signed delivery that comes again', (newDatabase) => {
  let store: Store;
  let door: TestDoor;
  const vault = createVault(randomBytes(32));
  const plugins = new Map<string, TestPlugin>();
  const anotherHost = (overrides: Partial<IngestDeps> = {}): Promise<TestDoor> =>
    openTestDoor(store, { vault, ...overrides }, undefined, { plugins });

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    door = await anotherHost();
  });
  afterAll(async () => {
    await door.close();
    await store.close();
  });

  async function send(to: TestDoor, { path }: TestIntegration, body: string, id: string) {
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const response = await fetch(to.url + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-sig': signature, 'x-id': id },
    });
    return { status: response.status, text: await response.text() };
  }
  const stored = async ({ groupId }: TestIntegration) => {
    const count = async (table: 'requests' | 'events' | 'seen_deliveries') => {
      const rows = await store.db.selectFrom(table).select('group_id').where('group_id', '=', groupId).execute();
      return rows.length;
    };
    const counters = await store.db
      .selectFrom('integration_counters')
      .select(['received', 'accepted'])
      .where('group_id', '=', groupId)
      .execute();
    return { requests: await count('requests'), events: await count('events'), counters };
  };
  const once = { requests: 1, events: 1, counters: [{ received: 1, accepted: 1 }] };

  it('is taken once when both are under way at the same time', async () => {
    let runs = 0;
    const integration = await door.addIntegration({
      manifest,
      secret: SECRET,
      plugin: (input) => {
        runs += 1;
        return echoPlugin(input);
      },
    });
    const body = JSON.stringify(trigger('twice'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(door, integration, body, 'd-1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(runs).toBe(1);
    expect(await stored(integration)).toEqual(once);
  });

  it('is taken once by hosts that share a database, and by one that was started again', async () => {
    const second = await anotherHost();
    const integration = await door.addIntegration({ manifest, secret: SECRET });
    const body = JSON.stringify(trigger('hosts'));
    const answers = await Promise.all([door, second, door, second].map((to) => send(to, integration, body, 'd-1')));
    await second.close();
    const restarted = await anotherHost();
    onTestFinished(() => restarted.close());
    answers.push(await send(restarted, integration, body, 'd-1'));
    for (const answer of answers) expect(answer).toEqual({ status: 202, text: answers[0]?.text });
    expect(await stored(integration)).toEqual(once);
    expect((await send(restarted, integration, body, 'd-2')).text).not.toBe(answers[0]?.text);
    expect((await stored(integration)).requests).toBe(2);
  });

  it('gets the plugin’s own answer again', async () => {
    const integration = await door.addIntegration({
      manifest,
      secret: SECRET,
      plugin: () => ({
        outcome: 'ignored',
        reason: 'A challenge.',
        answer: { status: 200, contentType: 'text/plain', body: randomUUID() },
      }),
    });
    const first = await send(door, integration, '{}', 'd-1');
    const restarted = await anotherHost();
    onTestFinished(() => restarted.close());
    expect(await send(restarted, integration, '{}', 'd-1')).toEqual(first);
    expect(first.status).toBe(200);
  });

  it('is tried again when the first was refused', async () => {
    const integration = await door.addIntegration({ manifest, secret: SECRET });
    expect((await send(door, integration, 'null', 'd-1')).status).toBe(400);
    expect((await send(door, integration, 'null', 'd-1')).status).toBe(400);
    expect(await stored(integration)).toMatchObject({ requests: 2, events: 0 });
    const seen = store.db.selectFrom('seen_deliveries').select('delivery').where('group_id', '=', integration.groupId);
    expect(await seen.execute()).toEqual([]);
  });

  it('of a plugin that is too slow is run and stored once', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const integration = await door.addIntegration({
      manifest,
      secret: SECRET,
      plugin: async (input) => {
        await gate;
        return echoPlugin(input);
      },
    });
    const second = await anotherHost();
    onTestFinished(() => second.close());
    const body = JSON.stringify(trigger('slow'));
    const [one, other] = await Promise.all([door, second].map((to) => send(to, integration, body, 'd-1')));
    expect(one).toEqual(other);
    expect(one?.text).toContain('"pending":true');
    finish();
    await expect.poll(async () => (await stored(integration)).events, { timeout: 30_000 }).toBe(1);
    expect(await stored(integration)).toEqual(once);
  });

  it('is another one at another integration', async () => {
    const first = await door.addIntegration({ manifest, secret: SECRET });
    const second = await door.addIntegration({ manifest, secret: SECRET });
    const body = JSON.stringify(trigger('neighbours'));
    expect((await send(door, first, body, 'd-1')).status).toBe(202);
    expect((await send(door, second, body, 'd-1')).status).toBe(202);
    expect([await stored(first), await stored(second)]).toEqual([once, once]);
  });
});

describe('the memory of deliveries', () => {
  const guard = () => createReplayGuard<number>((answer) => answer < 300, 2);

  it('hands the next one over when the first came to nothing', async () => {
    const deliveries = guard();
    const answers = [500, 202, 999];
    const take = () => deliveries.once('a', 0, () => Promise.resolve().then(() => answers.shift() ?? 0));
    expect(await Promise.all([take(), take(), take()])).toEqual([500, 202, 202]);
    const failing = deliveries.once('b', 0, () => Promise.reject(new Error('broken')));
    const next = deliveries.once('b', 0, () => Promise.resolve(202));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe(202);
  });

  it('is bounded in number and in time', async () => {
    const deliveries = guard();
    let taken = 0;
    const take = (name: string, now: number) => deliveries.once(name, now, () => Promise.resolve((taken += 1)));
    for (const name of ['a', 'b', 'c']) await take(name, 0);
    expect(await take('c', 1)).toBe(3);
    expect(await take('a', 1)).toBe(4);
    expect(await take('a', 60 * 60 * 1000)).toBe(5);
  });
});

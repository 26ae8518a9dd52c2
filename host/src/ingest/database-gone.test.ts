import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CuttableProxy } from '../../../test/support/cuttable-proxy.ts';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestDoor, trigger, type TestDoor } from './test-door.ts';

const newDatabase = postgresDatabases();
let proxy: CuttableProxy;
let store: Store;
let door: TestDoor;

beforeAll(async () => {
  const { databaseUrl = '', ...rest } = await newDatabase();
  proxy = await CuttableProxy.open(databaseUrl);
  store = await openStore({ ...rest, databaseUrl: proxy.through(databaseUrl) });
  door = await openTestDoor(store);
});
afterAll(async () => {
  await proxy.restore();
  await door.close();
  await store.close();
  await proxy.close();
});

it('answers 503 with Retry-After while the database is gone and recovers by itself, with nothing lost or doubled', async () => {
  const integration = await door.addIntegration();
  const accepted: string[] = [];
  const send = async (key: string) => {
    const response = await door.post(integration, trigger(key));
    if (response.status === 202) accepted.push(key);
    return response;
  };
  expect((await send('before')).status).toBe(202);

  await proxy.cut();
  const refused = await Promise.all([send('during-1'), send('during-2')]);
  for (const response of refused) {
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ error: { code: 'DATABASE_UNAVAILABLE' } });
  }
  // An integration that the door has never seen cannot be looked up either.
  const unknown = integration.path.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  expect((await fetch(door.url + unknown, { method: 'POST' })).status).toBe(503);

  await proxy.restore();
  await vi.waitFor(async () => expect((await send('after')).status).toBe(202), 10_000);
  const incidents = await store.db
    .selectFrom('incidents')
    .select('dedup_key')
    .where('group_id', '=', integration.groupId)
    .orderBy('number')
    .execute();
  expect(incidents.map((incident) => incident.dedup_key)).toEqual([...new Set(accepted)]);
});

import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestDoor, trigger, type TestDoor } from './test-door.ts';

const newDatabase = postgresDatabases();
let proxy: CuttableProxy;
let store: Store;
let door: TestDoor;

beforeAll(async () => {
  const { databaseUrl, ...rest } = await newDatabase();
  const url = new URL(databaseUrl ?? '');
  proxy = await CuttableProxy.open(Number(url.port));
  url.port = String(proxy.port);
  store = await openStore({ ...rest, databaseUrl: url.href });
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

/** A way to Postgres that can be cut: connections break and new ones are refused. */
class CuttableProxy {
  readonly port: number;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
  }

  static async open(target: number): Promise<CuttableProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const proxy = new CuttableProxy(server, typeof address === 'object' ? (address?.port ?? 0) : 0, target);
    server.on('connection', (socket) => proxy.#forward(socket));
    return proxy;
  }

  #forward(socket: Socket): void {
    const upstream = connect(this.#target, '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  async cut(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async restore(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = createServer((socket) => this.#forward(socket)).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    await this.cut();
  }
}

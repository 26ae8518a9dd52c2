import pg from 'pg';
import { afterEach, expect, it, vi } from 'vitest';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { openSilenceableProxy } from '../../../test/support/silenceable-proxy.ts';
import { postgresChannels, type Channels } from './channels.ts';

const newDatabase = postgresDatabases();
const QUICK = { everyMs: 50, answerMs: 1_000 };
/** A heartbeat that nobody waits for. */
const NEVER = { everyMs: 24 * 60 * 60 * 1000, answerMs: 500 };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Channels that listen through a proxy, and a way past it. */
async function open(times: typeof QUICK) {
  const { databaseUrl = '' } = await newDatabase();
  const direct = new pg.Client({ connectionString: databaseUrl });
  await direct.connect();
  closers.push(() => direct.end());
  const through = new URL(databaseUrl);
  const proxy = await openSilenceableProxy(Number(through.port));
  closers.push(() => proxy.close());
  through.port = String(proxy.port);
  const said: string[] = [];
  const log = { info: () => undefined, warn: (_fields: object, message: string) => void said.push(message) };
  const channels: Channels = postgresChannels(through.href, (sql, values) => direct.query(sql, values), log, times);
  closers.push(() => channels.close());
  const heard: string[] = [];
  await channels.listen('outbox', (payload) => heard.push(payload));
  await vi.waitFor(() => expect(heard).toEqual(['']));
  const asked = async (): Promise<string> => {
    const { rows } = await direct.query<{ asked: string }>(
      `select query_start::text as asked from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query = 'select 1'`,
    );
    return rows[0]?.asked ?? '';
  };
  return { channels, proxy, heard, said, asked };
}

it('a listening connection that nothing gets through is opened again, and what was missed is caught up on', async () => {
  const { channels, proxy, heard, said } = await open(QUICK);
  proxy.forget();
  await channels.notify('outbox', 'into the void');
  // Whoever listens is told that something may have been missed, and hears what comes then.
  await vi.waitFor(() => expect(heard).toEqual(['', '']), { timeout: 20_000 });
  await channels.notify('outbox', 'again');
  await vi.waitFor(() => expect(heard).toEqual(['', '', 'again']));
  expect(said).toEqual(['the listening connection does not answer and is opened again']);
});

it('a database that takes connections and says nothing is tried until it does', async () => {
  const { channels, proxy, heard } = await open(QUICK);
  proxy.hush();
  await vi.waitFor(() => expect(proxy.opened()).toBeGreaterThan(1), { timeout: 20_000 });
  expect(heard).toEqual(['']);
  proxy.speak();
  await vi.waitFor(() => expect(heard).toEqual(['', '']), { timeout: 20_000 });
  await channels.notify('outbox', 'again');
  await vi.waitFor(() => expect(heard).toContain('again'));
});

it('one that answers stays as it is however long nothing is said on it', async () => {
  const { channels, proxy, heard, asked } = await open(QUICK);
  const beats = new Set<string>();
  await vi.waitFor(async () => expect(beats.add(await asked()).size).toBeGreaterThan(5), { timeout: 20_000 });
  await channels.notify('outbox', 'still here');
  await vi.waitFor(() => expect(heard).toEqual(['', 'still here']));
  expect(proxy.opened()).toBe(1);
});

it('one that nothing gets through does not keep anybody from closing', async () => {
  const { channels, proxy } = await open(NEVER);
  proxy.forget();
  await channels.close();
});

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, expect, it, vi } from 'vitest';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { eachDatabase, pgliteDatabases, postgresDatabases } from '../../../test/support/databases.ts';
import { dispatchProcedure } from '../delivery/dispatch-outbox.ts';
import { isDatabaseGone, isDuplicate } from './database-errors.ts';
import { openPgliteClient } from './pglite-client.ts';
import { openStore, StoreUnreachableError, type Store } from './open-store.ts';
import { storableJson, storableText } from './storable.ts';
import { transact } from './transact.ts';

const newPglite = pgliteDatabases();
const open: Store[] = [];
const keep = (store: Store): Store => {
  open.push(store);
  return store;
};
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

eachDatabase('a store', (newDatabase) => {
  it('reads bigint as number, jsonb parsed, bytea as bytes and timestamptz as Date', async () => {
    const { db } = keep(await openStore(await newDatabase()));
    const { rows } = await sql<Record<string, unknown>>`
      select 9007199254740991::bigint as big, '{"a":[1]}'::jsonb as json, '\\x0001ff'::bytea as bytes,
        '2026-01-02T03:04:05Z'::timestamptz as time, null::bigint as none`.execute(db);
    expect(rows[0]).toMatchObject({ big: 9007199254740991, json: { a: [1] }, none: null });
    expect(rows[0]?.['bytes']).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(rows[0]?.['bytes'] as Uint8Array)).toEqual(Buffer.of(0, 1, 255));
    expect(rows[0]?.['time']).toEqual(new Date('2026-01-02T03:04:05Z'));
  });

  it('takes any text once it was made storable', async () => {
    const { db } = keep(await openStore(await newDatabase()));
    const nasty = 'a\u0000b\ud800c\udc00\ud83d\ude00';
    const groupId = newId('group');
    await db
      .insertInto('groups')
      .values({ group_id: groupId, name: storableText(nasty) })
      .execute();
    await db
      .insertInto('settings')
      .values({ name: 'x', value: storableJson({ [nasty]: [nasty, '\\u0000'] }) })
      .execute();
    const row = await db.selectFrom('settings').select('value').executeTakeFirstOrThrow();
    const clean = 'a\ufffdb\ufffdc\ufffd\ud83d\ude00';
    expect(row.value).toEqual({ [clean]: [clean, '\\u0000'] });
  });

  it('rolls back what threw, keeps what came before, and goes on', async () => {
    const { db } = keep(await openStore(await newDatabase()));
    const insert = (target: typeof db, name: string) =>
      target.insertInto('settings').values({ name, value: '1' }).execute();
    await insert(db, 'kept');
    const failed = transact(db, async (trx) => {
      await insert(trx, 'gone');
      await insert(trx, 'kept');
    });
    await expect(failed).rejects.toSatisfy(isDuplicate);
    const names = await db.selectFrom('settings').select('name').execute();
    expect(names).toEqual([{ name: 'kept' }]);
  });

  it('does transactions that arrive together one after another or at once, each whole', async () => {
    const { db } = keep(await openStore(await newDatabase()));
    await db.insertInto('settings').values({ name: 'n', value: '0' }).execute();
    await Promise.all(
      Array.from({ length: 30 }, () =>
        transact(db, async (trx) => {
          const row = await trx.selectFrom('settings').select('value').forUpdate().executeTakeFirstOrThrow();
          await trx
            .updateTable('settings')
            .set({ value: String(Number(row.value) + 1) })
            .execute();
        }),
      ),
    );
    expect(await db.selectFrom('settings').select('value').executeTakeFirst()).toEqual({ value: 30 });
  });

  it('repeats a transaction that the database ended with a serialization failure', async () => {
    const { db } = keep(await openStore(await newDatabase()));
    let runs = 0;
    await transact(db, async (trx) => {
      runs += 1;
      if (runs < 3) await sql`do $$ begin raise exception 'x' using errcode = '40001'; end $$`.execute(trx);
    });
    expect(runs).toBe(3);
  });

  it('carries messages to those who listen, until they stop', async () => {
    const store = keep(await openStore(await newDatabase()));
    const heard: string[] = [];
    const stop = await store.listen('outbox', (payload) => heard.push(payload));
    await vi.waitFor(async () => {
      await store.notify('outbox', 'hello');
      expect(heard).toContain('hello');
    });
    await stop();
    heard.length = 0;
    await store.notify('outbox', 'nobody');
    await sleep(50);
    expect(heard).toEqual([]);
  });

  it('opens again with its rows', async () => {
    const database = await newDatabase();
    const first = await openStore(database);
    await first.db.insertInto('settings').values({ name: 'a', value: '1' }).execute();
    await first.close();
    const second = keep(await openStore(database));
    expect(await second.db.selectFrom('settings').select('name').execute()).toEqual([{ name: 'a' }]);
  });

  it('says that the database is gone after it was closed', async () => {
    const store = await openStore(await newDatabase());
    await store.close();
    await expect(store.db.selectFrom('settings').selectAll().execute()).rejects.toSatisfy(isDatabaseGone);
    await expect(store.call(dispatchProcedure)).rejects.toSatisfy(isDatabaseGone);
  });
});

const postgres = postgresDatabases();

it('hears messages again after the listening connection was cut', async () => {
  const database = await postgres();

  const store = keep(await openStore(database));
  const heard: string[] = [];
  await store.listen('outbox', (payload) => heard.push(payload));
  await vi.waitFor(async () => {
    await store.notify('outbox', 'before');
    expect(heard).toContain('before');
  });
  const other = new pg.Client({ connectionString: database.databaseUrl });
  await other.connect();
  const cut = await other.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and pid <> pg_backend_pid()`,
  );
  await other.end();
  expect(cut.rowCount).toBeGreaterThan(0);
  await vi.waitFor(
    async () => {
      await store.notify('outbox', 'after');
      expect(heard).toContain('after');
    },
    { timeout: 10_000 },
  );
});

it('tells a refused connection from a failed statement', async () => {
  const refused = openStore({ folder: '/nonexistent', databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
  await expect(refused).rejects.toSatisfy(
    (error) => error instanceof StoreUnreachableError && isDatabaseGone(error.cause),
  );
  expect(isDatabaseGone(Object.assign(new Error('syntax error'), { code: '42601' }))).toBe(false);
  expect(isDatabaseGone(Object.assign(new Error('no file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
});

it('lets go of the folder when the schema is newer than this host', async () => {
  const database = await newPglite();
  const newer = { name: '9999-later', timestamp: new Date().toISOString() };
  const change = async (statement: string) => {
    const client = await openPgliteClient(join(database.folder, 'database'));
    await client.execute(statement, Object.values(newer).slice(0, statement.split('$').length - 1));
    await client.close();
  };
  await change('insert into kysely_migration values ($1, $2)');
  for (let attempt = 1; attempt <= 2; attempt++) await expect(openStore(database)).rejects.toThrow('9999-later');
  await change('delete from kysely_migration where name = $1');
  keep(await openStore(database));
});

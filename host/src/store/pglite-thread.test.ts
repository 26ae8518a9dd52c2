import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CompiledQuery, Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { isDatabaseGone } from './database-errors.ts';
import { openPgliteClient } from './pglite-client.ts';
import { createPglite } from './pglite.ts';

const newDatabase = pgliteDatabases();
/** PostgreSQL inside WebAssembly aborts at it: each bracket is one more frame on a stack that it cannot measure. */
const ABORTS = "select repeat('[', 100000)::json";
const NEVER_ENDS = 'select count(*) from generate_series(1, 1000000000000)';
const STATEMENT_MS = 3_000;

let db: Kysely<unknown>;
let folder: string;
let warnings: string[];
beforeEach(async () => {
  warnings = [];
  folder = join((await newDatabase()).folder, 'database');
  db = new Kysely<unknown>({
    dialect: createPglite({
      folder,
      statementMs: STATEMENT_MS,
      log: { warn: (_fields, message) => warnings.push(message) },
    }).dialect,
  });
});
afterEach(() => db.destroy());

const one = async (): Promise<unknown> => (await sql`select 1 as one`.execute(db)).rows;

it('leaves the event loop free while the database computes', async () => {
  await one();
  let turns = 0;
  const count = setInterval(() => (turns += 1), 1);
  await sql`select pg_sleep(0.3)`.execute(db);
  clearInterval(count);
  expect(turns).toBeGreaterThan(20);
});

it('runs nothing of a transaction that cannot begin', async () => {
  const client = await openPgliteClient(folder);
  await client.execute('create table begun (n integer)', []);
  await expect(client.execute('insert into begun values (1)', [], 'begin no such level')).rejects.toMatchObject({
    code: '42601',
  });
  expect((await client.execute('select * from begun', [])).rows).toEqual([]);
  await client.close();
});

it.each([
  ['breaks', ABORTS],
  ['takes too long', NEVER_ENDS],
])('opens again with what was committed after a statement that %s', async (_what, statement) => {
  await sql`create table kept (n integer)`.execute(db);
  await sql`insert into kept values (1)`.execute(db);
  const lost = db.transaction().execute(async (trx) => {
    await sql`insert into kept values (2)`.execute(trx);
    await sql.raw(statement).execute(trx);
  });
  const behind = one();
  await expect(lost).rejects.toSatisfy(isDatabaseGone);
  expect(await behind).toEqual([{ one: 1 }]);
  expect(warnings).toEqual(['the embedded database broke and is opened again']);
  expect((await sql`select n from kept`.execute(db)).rows).toEqual([{ n: 1 }]);
});

it('is gone while it cannot be opened again, and says why', async () => {
  await one();
  await expect(sql.raw(ABORTS).execute(db)).rejects.toThrow(/^The embedded database broke\. ./);
  const control = join(folder, 'global', 'pg_control');
  await rename(control, `${control}.away`);
  const gone = await one().catch((error: unknown) => error);
  expect(gone).toSatisfy(isDatabaseGone);
  expect(String(gone)).toMatch(/The embedded database cannot be opened: ./);
  await rename(`${control}.away`, control);
  expect(await one()).toEqual([{ one: 1 }]);
});

it('runs no statement of a transaction whose first one was never sent, until it begins', async () => {
  await sql`create table guarded (n integer)`.execute(db);
  const failed = db.transaction().execute(async (trx) => {
    await trx.executeQuery(CompiledQuery.raw('select $1', [() => 1])).catch(() => undefined);
    await sql`insert into guarded values (1)`.execute(trx);
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  expect((await sql`select * from guarded`.execute(db)).rows).toEqual([]);
});

it('answers those who ask before it closes, and says that it is gone to those who ask after', async () => {
  await one();
  const before = one();
  const closing = db.destroy();
  expect(await before).toEqual([{ one: 1 }]);
  await closing;
  await expect(one()).rejects.toSatisfy(isDatabaseGone);
});

it('runs the procedures that the thread has, and tells of a mistake in one where it is', async () => {
  const client = await openPgliteClient(folder);
  expect(await client.call('dispatch', [])).toEqual({ changes: 0, more: false, groups: [] });
  await expect(client.call('write', ['no list of entries'])).rejects.toMatchObject({
    code: '',
    stack: expect.stringContaining('database-thread.mjs') as string,
  });
  await expect(client.call('another', [])).rejects.toThrow('There is no procedure another');
  expect((await client.execute('select 1 as one', [])).rows).toEqual([{ one: 1 }]);
  await client.close();
});

it('keeps the SQLSTATE and the message of an error', async () => {
  await expect(sql`select 1 / 0`.execute(db)).rejects.toMatchObject({ code: '22012', message: 'division by zero' });
  await expect(db.executeQuery(CompiledQuery.raw('select $1', [() => 1]))).rejects.toThrow('could not be cloned');
  expect(await one()).toEqual([{ one: 1 }]);
});

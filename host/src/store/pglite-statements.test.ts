import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPgliteStatements, type PgliteStatements } from './pglite-statements.ts';

let pglite: PGlite;
let statements: PgliteStatements;
beforeAll(async () => {
  pglite = await PGlite.create();
  statements = createPgliteStatements(pglite);
});
afterAll(() => pglite.close());

const preparedCount = async (): Promise<number> => {
  const { rows } = await pglite.query<{ count: number }>('select count(*) as count from pg_prepared_statements');
  return rows[0]?.count ?? NaN;
};

it('prepares a statement once, whatever its parameters', async () => {
  const text =
    'select $1::text as text, $2::bigint as number, $3::jsonb as json, $4::bytea as bytes, $5::timestamptz as time';
  const before = await preparedCount();
  const time = new Date('2026-01-02T03:04:05Z');
  const first = await statements.execute(text, ['a', 2, { b: [1] }, Buffer.of(0, 255), time]);
  expect(first).toEqual({
    rows: [{ text: 'a', number: 2, json: { b: [1] }, bytes: Uint8Array.of(0, 255), time }],
    affectedRows: 1,
  });
  const second = await statements.execute(text, [null, null, null, null, null]);
  expect(second.rows).toEqual([{ text: null, number: null, json: null, bytes: null, time: null }]);
  expect(await preparedCount()).toBe(before + 1);
});

it('counts the rows that a statement changes', async () => {
  await statements.execute('create table counted (n integer primary key)', []);
  const insert = 'insert into counted select * from generate_series($1::integer, $2::integer)';
  expect((await statements.execute(insert, [1, 5])).affectedRows).toBe(5);
  expect((await statements.execute('delete from counted where n > $1', [3])).affectedRows).toBe(2);
  await expect(statements.execute(insert, [3, 9])).rejects.toMatchObject({ code: '23505' });
  expect((await statements.execute(insert, [4, 9])).affectedRows).toBe(6);
});

it('holds no more statements than it says, and those used last', async () => {
  const kept = 'select 1 as kept';
  for (let n = 0; n < 450; n++) {
    expect((await statements.execute(`select ${n} as n`, [])).rows).toEqual([{ n }]);
    expect((await statements.execute(kept, [])).rows).toEqual([{ kept: 1 }]);
  }
  expect(await preparedCount()).toBe(200);
  const { rows } = await pglite.query('select 1 from pg_prepared_statements where statement = $1', [kept]);
  expect(rows).toHaveLength(1);
});

it('prepares again what no longer fits its table, or is gone', async () => {
  await statements.execute('create table changing (value integer)', []);
  await statements.execute("insert into changing values ('7')", []);
  const read = 'select * from changing';
  expect((await statements.execute(read, [])).rows).toEqual([{ value: 7 }]);
  await statements.execute('alter table changing alter column value type text', []);
  await expect(statements.execute(read, [])).rejects.toMatchObject({ code: '0A000' });
  expect((await statements.execute(read, [])).rows).toEqual([{ value: '7' }]);
  await pglite.exec('deallocate all');
  await expect(statements.execute(read, [])).rejects.toMatchObject({ code: '26000' });
  expect((await statements.execute(read, [])).rows).toEqual([{ value: '7' }]);
});

it('goes on within a transaction that failed until it is rolled back', async () => {
  await statements.execute('begin', []);
  await expect(statements.execute('select 1 / $1::integer', [0])).rejects.toMatchObject({ code: '22012' });
  await expect(statements.execute('select 2 as two', [])).rejects.toMatchObject({ code: '25P02' });
  await statements.execute('rollback', []);
  expect((await statements.execute('select 2 as two', [])).rows).toEqual([{ two: 2 }]);
});

import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { expect, it } from 'vitest';
import { eachDatabase, type TestDatabase } from './databases.ts';

eachDatabase('an empty database', (newDatabase) => {
  it('is Postgres 18, has no tables and is not shared', async () => {
    const [first, second] = await Promise.all([newDatabase({ empty: true }), newDatabase({ empty: true })]);
    await query(first, 'create table mine (id int)');
    expect(await query(first, 'show server_version')).toMatch(/^18\./);
    expect(await query(first, tables)).toBe('1');
    expect(await query(second, tables)).toBe('0');
  });

  it('has the tables of a host and no rows unless it is to be empty', async () => {
    const [first, second] = await Promise.all([newDatabase(), newDatabase()]);
    await query(first, `insert into groups (group_id, name) values ('grp_a', 'A')`);
    expect(await query(first, 'select count(*)::text from groups')).toBe('1');
    expect(await query(second, 'select count(*)::text from groups')).toBe('0');
  });
});

const tables = `select count(*)::text from pg_tables where schemaname = 'public'`;

async function query(database: TestDatabase, sql: string): Promise<string | undefined> {
  if (database.databaseUrl === undefined) {
    const opened = new PGlite(join(database.folder, 'database'));
    const { rows } = await opened.query<Record<string, string>>(sql);
    await opened.close();
    return Object.values(rows[0] ?? {})[0];
  }
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(sql);
  await client.end();
  return Object.values(rows[0] ?? {})[0];
}

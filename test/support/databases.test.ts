import { existsSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { expect, it } from 'vitest';
import { eachDatabase, type EmptyDatabase } from './databases.ts';

eachDatabase('an empty database', (newDatabase) => {
  it('is Postgres 18, has no tables and is not shared', async () => {
    const [first, second] = await Promise.all([newDatabase(), newDatabase()]);
    await query(first, 'create table mine (id int)');
    expect(await query(first, 'show server_version')).toMatch(/^18\./);
    expect(await query(first, tables)).toBe('1');
    expect(await query(second, tables)).toBe('0');
  });

  it('is stored where the host is told to open it', async () => {
    const database = await newDatabase();
    if (database.engine === 'pglite') expect(existsSync(database.folder)).toBe(true);
    else expect(new URL(database.url).hostname).toBe('127.0.0.1');
  });
});

const tables = `select count(*)::text from pg_tables where schemaname = 'public'`;

async function query(database: EmptyDatabase, sql: string): Promise<string | undefined> {
  if (database.engine === 'pglite') {
    const opened = new PGlite(database.folder);
    const { rows } = await opened.query<Record<string, string>>(sql);
    await opened.close();
    return Object.values(rows[0] ?? {})[0];
  }
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(sql);
  await client.end();
  return Object.values(rows[0] ?? {})[0];
}

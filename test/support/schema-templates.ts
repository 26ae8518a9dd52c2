import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '@patchbay/host/store/open-store';
import { ensurePgliteTemplate } from './pglite-template.ts';

const POSTGRES_SCHEMA = 'patchbay_schema';

/**
 * The folder of a PGlite database that has the host's tables and no rows. Creating the tables takes longer than most
 * tests that need them, copying the folder a fraction of that. The caller removes the folder above it.
 */
export async function makePgliteSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-schema-'));
  try {
    const database = join(folder, 'database');
    await cp(await ensurePgliteTemplate(), database, { recursive: true });
    await (await openStore({ folder })).close();
    return database;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Makes a database with the host's tables and no rows, which `create database … template` copies.
 *
 * @param serverUrl of any database of the server
 * @returns its name
 */
export async function makePostgresSchema(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${POSTGRES_SCHEMA}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${POSTGRES_SCHEMA}`;
  await (await openStore({ databaseUrl: url.href, folder: tmpdir() })).close();
  return POSTGRES_SCHEMA;
}

import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, inject } from 'vitest';
import { z } from 'zod';

/** A database that nobody else uses, in the shape in which a host is told: `openStore(await newDatabase())`. */
export interface TestDatabase {
  readonly engine: 'pglite' | 'postgres';
  /** A data folder of its own. With PGlite the database lies in `database` below it. */
  readonly folder: string;
  /** A connection string; undefined with PGlite. */
  readonly databaseUrl: string | undefined;
}

/**
 * Makes a new database with the host's tables, which `openStore` then need not create, and no rows. What was made is
 * removed when the describe block has ended; close connections before.
 *
 * @param options `empty`: without tables, as a host finds it at its first start
 */
export type NewDatabase = (options?: { readonly empty?: boolean }) => Promise<TestDatabase>;

/**
 * Runs a block of tests twice, on PGlite and on a real Postgres.
 *
 * @param name what is tested; the engine is added to it
 * @param block the tests
 */
export function eachDatabase(name: string, block: (newDatabase: NewDatabase) => void): void {
  describe(`${name} (PGlite)`, () => block(pgliteDatabases()));
  describe(`${name} (Postgres)`, () => block(postgresDatabases()));
}

/** PGlite databases for the describe block, or the file, in which this is called. */
export function pgliteDatabases(): NewDatabase {
  const newFolder = temporaryFolders();
  return async ({ empty = false } = {}) => {
    const template = await askRunServices(empty ? '/pglite-template' : '/pglite-schema');
    const folder = await newFolder();
    await cp(template, join(folder, 'database'), { recursive: true });
    return { engine: 'pglite', folder, databaseUrl: undefined };
  };
}

/**
 * Data folders in which a host has made its first start, for the describe block, or the file, in which this is called:
 * `startHost(await newHostData())` starts at once, with the first-party plugins installed.
 */
export function startedHostData(): () => Promise<{ dataFolder: string; token: string }> {
  const newFolder = temporaryFolders();
  return async () => {
    const template = hostTemplateSchema.parse(JSON.parse(await askRunServices('/host-template')));
    const dataFolder = join(await newFolder(), 'data');
    await cp(template.folder, dataFolder, { recursive: true });
    return { dataFolder, token: template.token };
  };
}

const hostTemplateSchema = z.object({ folder: z.string(), token: z.string() });

/** Databases on the Postgres server of this test run, for the describe block, or the file, in which this is called. */
export function postgresDatabases(): NewDatabase {
  const newFolder = temporaryFolders();
  const names: string[] = [];
  afterAll(async () => {
    for (const name of names) await execute(`drop database if exists ${name} with (force)`);
  });
  return async ({ empty = false } = {}) => {
    const name = `test_${randomBytes(8).toString('hex')}`;
    const template = empty ? 'template1' : await askRunServices('/postgres-schema');
    const url = new URL(await execute(`create database ${name} template ${template}`));
    names.push(name);
    url.pathname = `/${name}`;
    return { engine: 'postgres', folder: await newFolder(), databaseUrl: url.href };
  };
}

function temporaryFolders(): () => Promise<string> {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-data-'));
    folders.push(folder);
    return folder;
  };
}

async function execute(sql: string): Promise<string> {
  const serverUrl = await askRunServices('/postgres');
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
    return serverUrl;
  } finally {
    await client.end();
  }
}

async function askRunServices(path: string): Promise<string> {
  const response = await fetch(inject('runServicesUrl') + path);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

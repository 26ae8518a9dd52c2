import { Socket } from 'node:net';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { databaseLimits } from '@patchbay/plugin-sdk/contract/limits';
import { localChannels, postgresChannels, type Channels } from './channels.ts';
import { isDatabaseGone } from './database-errors.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import { createPglite } from './pglite.ts';
import type { Procedure } from './procedure.ts';
import type { Database } from './schema.ts';

/** What the store writes to the log; a pino logger fits. */
export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface Store extends Pick<Channels, 'listen' | 'notify'> {
  readonly db: Kysely<Database>;
  readonly kind: 'pglite' | 'postgres';
  call<Given extends readonly unknown[], Result>(procedure: Procedure<Given, Result>, ...given: Given): Promise<Result>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A postgres:// URL; without it the embedded database in `folder` is used. */
  databaseUrl?: string | undefined;
  /** The data folder; the embedded database lives in `database` below it. */
  folder: string;
  log?: StoreLog | undefined;
  /** Connections of the pool to Postgres. */
  poolSize?: number;
  /** How long a connection may be silent while a query is out (default: `databaseLimits.silenceMs`). */
  silenceMs?: number;
}

/** The database of `DATABASE_URL` did not answer when the host started. */
export class StoreUnreachableError extends Error {
  constructor(databaseUrl: string, cause: unknown) {
    // The address without the password, which does not belong on a console.
    const { hostname, port, pathname } = new URL(databaseUrl);
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The database at ${hostname}:${port || DEFAULT_PORT}${pathname} cannot be reached: ${why}.`, { cause });
    this.name = 'StoreUnreachableError';
  }
}

const DEFAULT_PORT = 5432;
/** Refused sign-in, unknown user, unknown database (PostgreSQL manual, appendix A). */
const REFUSED = new Set(['28P01', '28000', '3D000']);

const silent: StoreLog = { info: () => undefined, warn: () => undefined };
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const POOL_SIZE = 10;

/**
 * Opens the database and brings its schema to the newest version.
 *
 * @throws FolderLockedError when another process has the embedded database open
 * @throws StoreUnreachableError when the database does not answer or does not let us in
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, folder, log = silent } = options;
  return databaseUrl === undefined ? openPglite(folder, log) : openPostgres(databaseUrl, log, options);
}

async function openPglite(folder: string, log: StoreLog): Promise<Store> {
  const unlock = lockFolder(folder);
  const pglite = createPglite({ folder: join(folder, 'database'), log });
  const db = new Kysely<Database>({ dialect: pglite.dialect });
  // The folder is nobody else's before the thread has let go of it.
  const release = (): Promise<void> => db.destroy().finally(unlock);
  try {
    await migrate(db as unknown as Kysely<never>);
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  const channels = localChannels();
  return {
    db,
    kind: 'pglite',
    call: ({ name }, ...given) => pglite.call(name, given) as Promise<never>,
    listen: channels.listen,
    notify: channels.notify,
    async close() {
      await channels.close();
      await release();
    },
  };
}

async function openPostgres(
  connectionString: string,
  log: StoreLog,
  { poolSize = POOL_SIZE, silenceMs = databaseLimits.silenceMs }: StoreOptions,
): Promise<Store> {
  const migrating = kyselyOver(pool({ connectionString, max: 1 }, log));
  try {
    await migrate(migrating as unknown as Kysely<never>);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (isDatabaseGone(error) || REFUSED.has(code)) throw new StoreUnreachableError(connectionString, error);
    throw error;
  } finally {
    await migrating.destroy();
  }
  const connections = pool({ connectionString, max: poolSize, statement_timeout: STATEMENT_TIMEOUT_MS }, log);
  connections.on('connect', (client) => giveUpWhenSilent(client, silenceMs));
  const db = kyselyOver(connections);
  const channels = postgresChannels(connectionString, (sql, values) => connections.query(sql, values), log);
  return {
    db,
    kind: 'postgres',
    call: ({ run }, ...given) => run(db, ...given),
    listen: channels.listen,
    notify: channels.notify,
    async close() {
      await channels.close();
      await db.destroy();
      // Kysely leaves a pool open that it has never used.
      if (!connections.ended) await connections.end();
    },
  };
}

function kyselyOver(connections: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: connections }) });
}

function pool(settings: pg.PoolConfig, log: StoreLog): pg.Pool {
  const connections = new pg.Pool({
    ...settings,
    types: { getTypeParser },
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // An idle connection that breaks must not end the process; the next query opens a new one.
  connections.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'));
  // The pool listens only while a connection is idle; one in use that breaks between two statements would end us.
  connections.on('connect', (client) => client.on('error', () => undefined));
  return connections;
}

/**
 * Breaks a connection that is open and answers nothing: the server's own time limit is not heard on it, and whoever waits
 * would wait for ever. One that nobody uses is closed long before by the pool.
 */
function giveUpWhenSilent(client: pg.PoolClient, silenceMs: number): void {
  const { stream } = (client as pg.Client).connection;
  if (!(stream instanceof Socket)) return;
  stream.setTimeout(silenceMs, () => {
    const error = new Error(`The database has not answered for ${silenceMs} ms.`);
    stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
}

const INT8 = 20;

/** bigint as number, like PGlite reads it: every value here stays far below 2^53. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary'
    ? Number
    : (pg.types.getTypeParser as (oid: number, format?: string) => unknown)(
        oid,
        format,
      )) as typeof pg.types.getTypeParser;

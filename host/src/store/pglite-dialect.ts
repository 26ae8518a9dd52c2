import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { createMutex } from './mutex.ts';
import { openPgliteClient, type PgliteClient } from './pglite-client.ts';

export interface PgliteOptions {
  /** Of the database itself; nobody else has it open. */
  readonly folder: string;
  /** How long a statement may take before the thread counts as broken. */
  readonly statementMs?: number;
  readonly log: { warn(fields: object, message: string): void };
}

/**
 * Kysely over one PGlite. There is one connection, so queries and transactions take turns: a transaction that waits
 * for anything but SQL stops everybody, and a query on `db` inside a transaction on `db` waits for ever.
 *
 * A database whose thread broke is opened again for the next who asks; PGlite recovers from its log as after a crash.
 */
export function pgliteDialect(options: PgliteOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => pgliteDriver(options),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function pgliteDriver({ folder, statementMs, log }: PgliteOptions): Driver {
  const mutex = createMutex();
  let client: PgliteClient | undefined;
  let closed = false;
  return {
    // Opened by the first connection.
    init: () => Promise.resolve(),
    async acquireConnection() {
      await mutex.lock();
      try {
        if (closed) throw new Error('The database driver has already been destroyed.');
        if (client?.isOpen === false) {
          log.warn({ err: client.cause }, 'the embedded database broke and is opened again');
          // Its thread has let go of the folder then.
          await client.close();
          client = undefined;
        }
        if (client === undefined) client = await openPgliteClient(folder, statementMs);
        return connectionOf(client);
      } catch (error) {
        mutex.unlock();
        throw error;
      }
    },
    async releaseConnection() {
      mutex.unlock();
    },
    async beginTransaction(connection, { isolationLevel }: TransactionSettings) {
      (connection as PgliteConnection).begin(isolationLevel);
    },
    async commitTransaction(connection) {
      await connection.executeQuery(CompiledQuery.raw('commit'));
    },
    async rollbackTransaction(connection) {
      await connection.executeQuery(CompiledQuery.raw('rollback'));
    },
    async destroy() {
      await mutex.lock();
      closed = true;
      mutex.unlock();
      await client?.close();
    },
  };
}

interface PgliteConnection extends DatabaseConnection {
  /** Begins a transaction with the next statement. */
  begin(isolationLevel: string | undefined): void;
}

function connectionOf(client: PgliteClient): PgliteConnection {
  let first: string | undefined;
  return {
    begin(isolationLevel) {
      first = isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`;
    },
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const before = first;
      first = undefined;
      const { rows, affectedRows } = await client.execute<R>(query.sql, query.parameters, before);
      return { rows, numAffectedRows: BigInt(affectedRows) };
    },
    async *streamQuery() {
      yield await Promise.reject(new Error('PGlite does not stream'));
    },
  };
}

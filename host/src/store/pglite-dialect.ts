import type { PGlite } from '@electric-sql/pglite';
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
import { createPgliteStatements } from './pglite-statements.ts';

/**
 * Kysely over one PGlite. There is one connection, so queries and transactions take turns: a transaction that waits
 * for anything but SQL stops everybody, and a query on `db` inside a transaction on `db` waits for ever.
 */
export function pgliteDialect(pglite: PGlite): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => pgliteDriver(pglite),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function pgliteDriver(pglite: PGlite): Driver {
  const mutex = createMutex();
  const statements = createPgliteStatements(pglite);
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, affectedRows } = await statements.execute<R>(query.sql, query.parameters);
      return { rows, numAffectedRows: BigInt(affectedRows) };
    },
    async *streamQuery() {
      yield await Promise.reject(new Error('PGlite does not stream'));
    },
  };
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql));
  return {
    init: () => pglite.waitReady,
    async acquireConnection() {
      await mutex.lock();
      return connection;
    },
    async releaseConnection() {
      mutex.unlock();
    },
    async beginTransaction(_connection, settings: TransactionSettings) {
      const level = settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`;
      await run(`begin${level}`);
    },
    async commitTransaction() {
      await run('commit');
    },
    async rollbackTransaction() {
      await run('rollback');
    },
    destroy: () => pglite.close(),
  };
}

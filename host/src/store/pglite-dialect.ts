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

/** Runs a statement, and `first` before it. */
export type Execute = <R>(
  text: string,
  parameters: readonly unknown[],
  first?: string,
) => Promise<{ rows: R[]; affectedRows: number }>;

/** Where connections come from. There is one, so who has it keeps the others waiting until it is released. */
export interface Source {
  acquire(): Promise<PgliteConnection>;
  release(): void;
  close(): Promise<void>;
}

/** Kysely over PGlite. */
export function pgliteDialect(source: Source): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driverOf(source),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function driverOf({ acquire, release, close }: Source): Driver {
  return {
    // Opened by the first connection.
    init: () => Promise.resolve(),
    acquireConnection: acquire,
    releaseConnection: async () => release(),
    async beginTransaction(connection, { isolationLevel }: TransactionSettings) {
      (connection as PgliteConnection).begin(isolationLevel);
    },
    async commitTransaction(connection) {
      await connection.executeQuery(CompiledQuery.raw('commit'));
    },
    async rollbackTransaction(connection) {
      await connection.executeQuery(CompiledQuery.raw('rollback'));
    },
    destroy: close,
  };
}

export interface PgliteConnection extends DatabaseConnection {
  /** Begins a transaction with the next statement. */
  begin(isolationLevel: string | undefined): void;
}

export function connectionOf(execute: Execute): PgliteConnection {
  let first: string | undefined;
  return {
    begin(isolationLevel) {
      first = isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`;
    },
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const before = first;
      first = undefined;
      try {
        const { rows, affectedRows } = await execute<R>(query.sql, query.parameters, before);
        return { rows, numAffectedRows: BigInt(affectedRows) };
      } catch (error) {
        // A parameter that cannot be cloned: nothing was sent, so the transaction has not begun.
        if (error instanceof Error && error.name === 'DataCloneError') first = before;
        throw error;
      }
    },
    async *streamQuery() {
      yield await Promise.reject(new Error('PGlite does not stream'));
    },
  };
}

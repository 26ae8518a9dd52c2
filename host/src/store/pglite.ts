import type { Dialect } from 'kysely';
import { createMutex } from './mutex.ts';
import { openPgliteClient, PgliteError, type PgliteClient } from './pglite-client.ts';
import { connectionOf, pgliteDialect } from './pglite-dialect.ts';
import { CRASHED } from './pglite-messages.ts';

export interface PgliteOptions {
  /** Of the database itself; nobody else has it open. */
  readonly folder: string;
  /** How long a statement may take before the thread counts as broken. */
  readonly statementMs?: number;
  readonly log: { warn(fields: object, message: string): void };
}

/** PGlite as the host has it. */
export interface Pglite {
  readonly dialect: Dialect;
  /** Runs a procedure of the thread between the statements and transactions of others. */
  call(procedure: string, given: readonly unknown[]): Promise<unknown>;
}

/**
 * Kysely over one PGlite. There is one connection, so queries and transactions take turns: a transaction that waits
 * for anything but SQL stops everybody, and a query on `db` inside a transaction on `db` waits for ever.
 *
 * A database whose thread broke is opened again for the next who asks; PGlite recovers from its log as after a crash.
 */
export function createPglite({ folder, statementMs, log }: PgliteOptions): Pglite {
  const mutex = createMutex();
  let client: PgliteClient | undefined;
  let closed = false;

  async function acquire(): Promise<PgliteClient> {
    await mutex.lock();
    try {
      if (closed) throw new PgliteError({ message: 'The embedded database is closed.', code: CRASHED });
      if (client?.isOpen === false) {
        log.warn({ err: client.cause }, 'the embedded database broke and is opened again');
        // Its thread has let go of the folder then.
        await client.close();
        client = undefined;
      }
      client ??= await openPgliteClient(folder, statementMs);
      return client;
    } catch (error) {
      mutex.unlock();
      throw error;
    }
  }

  async function close(): Promise<void> {
    await mutex.lock();
    closed = true;
    mutex.unlock();
    await client?.close();
  }

  return {
    dialect: pgliteDialect({
      acquire: async () => connectionOf((await acquire()).execute),
      release: () => mutex.unlock(),
      close,
    }),
    async call(procedure, given) {
      const own = await acquire();
      try {
        return await own.call(procedure, given);
      } finally {
        mutex.unlock();
      }
    },
  };
}

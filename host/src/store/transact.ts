import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { isRetryable } from './database-errors.ts';
import type { Database } from './schema.ts';

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 5;

/**
 * Runs a transaction, again when the database ended it for a deadlock or a serialization failure.
 *
 * @param work uses only `trx`, waits for nothing but SQL, and has no effect outside that may not happen twice
 * @throws what the last attempt threw
 */
export async function transact<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isRetryable(error) || attempt >= ATTEMPTS) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** attempt * Math.random());
    }
  }
}

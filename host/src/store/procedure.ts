import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/**
 * Work on the database that needs nothing else: what it is given and what it returns can be cloned. With PGlite it runs
 * in the thread of the database, so that its statements do not wait for the thread of HTTP in between; the thread knows
 * those of `database-thread.ts` by their names.
 */
export interface Procedure<Given extends readonly unknown[], Result> {
  readonly name: string;
  readonly run: (db: Kysely<Database>, ...given: Given) => Promise<Result>;
}

import type { Kysely, RawBuilder } from 'kysely';
import type { Database } from '../store/schema.ts';
import { HEAD_BYTES, VaultError, type Vault } from './vault.ts';

/** Where one kind of sealed bytes lies. The rotation of the host key walks through every place in the order of its key. */
export interface SealedPlace {
  name: string;
  /**
   * Wraps the rows anew that follow `after`, in one transaction. Rows that somebody else is writing are left out: whoever
   * writes them seals with the key of the day, and the next pass looks again.
   */
  rewrap(trx: Kysely<Database>, vault: Vault, after: Position | null, rows: number): Promise<RewrappedRows>;
  /** How many values are not sealed with the present key. */
  remaining(db: Kysely<Database>, vault: Vault): Promise<number>;
}

/** The key of the row that was looked at last. */
export type Position = (string | number)[];

export interface RewrappedRows {
  /** Null: the place has no more rows. */
  after: Position | null;
  lookedAt: number;
  rewrapped: number;
  /** Values that no key opens which this host has. */
  unreadable: number;
}

/** Counts what the values of a batch came to, and wraps each. */
export class Rewrapper {
  rewrapped = 0;
  unreadable = 0;
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** @returns null when nothing is to be changed */
  head(sealed: Uint8Array | null, context: string): { head: Buffer; replaces: number } | null {
    if (sealed === null) return null;
    try {
      const wrapped = this.#vault.rewrap(sealed.subarray(0, HEAD_BYTES), context);
      if (wrapped !== null) this.rewrapped += 1;
      return wrapped;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.unreadable += 1;
      return null;
    }
  }
}

export async function countOf(db: Kysely<Database>, query: RawBuilder<{ count: number }>): Promise<number> {
  const { rows } = await query.execute(db);
  return rows[0]?.count ?? 0;
}

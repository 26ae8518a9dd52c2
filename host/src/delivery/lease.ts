import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { ClaimedDelivery } from './claim.ts';

/**
 * The worker's side of a claim.
 *
 *   held     renewed every third of the lease; sends and writes are allowed
 *   lost     another worker may have it: nothing more is sent or written. Reached when a renewal or a fenced write
 *            finds the claim gone, and on its own before the lease ends, by the monotonic clock, so that a process
 *            that was stopped and goes on does not act on a claim it has lost
 *   ended    given back
 */
export class Lease {
  readonly #db: Kysely<Database>;
  readonly #claim: ClaimedDelivery;
  readonly #lost = new AbortController();
  #heldUntil: number;
  #timer: NodeJS.Timeout;

  constructor(db: Kysely<Database>, claim: ClaimedDelivery) {
    this.#db = db;
    this.#claim = claim;
    this.#heldUntil = performance.now() + deliveryLimits.leaseMs - SAFETY_MS;
    this.#timer = setInterval(() => void this.#renew(), deliveryLimits.leaseMs / 3);
    this.#timer.unref();
  }

  /** @throws LeaseLost when sending or writing is no longer allowed */
  check(): void {
    if (performance.now() > this.#heldUntil) this.lose();
    if (this.#lost.signal.aborted) throw new LeaseLost();
  }

  lose(): void {
    clearInterval(this.#timer);
    this.#lost.abort();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    try {
      const { numAffectedRows = 0n } = await sql`
        update deliveries set lease_until = now() + ${`${deliveryLimits.leaseMs} milliseconds`}::interval
        where group_id = ${this.#claim.groupId} and delivery_id = ${this.#claim.deliveryId}
          and claim_id = ${this.#claim.claimId} and state = 'running'
      `.execute(this.#db);
      if (numAffectedRows === 0n) this.lose();
      else this.#heldUntil = asked + deliveryLimits.leaseMs - SAFETY_MS;
    } catch {
      // The database is away: the next beat tries again, and the clock ends the lease if none gets through.
    }
  }
}

/** A request under way takes at most this long, so that it ends before the lease does. */
const SAFETY_MS = deliveryLimits.requestTimeoutMs + 2_000;

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface ParkedCall {
  /** How many of the journal's batches its instance has taken. */
  readonly batches: number;
  /** What these took to send. */
  readonly journalBytes: number;
  /** Memory of the instance. */
  readonly bytes: number;
}

/**
 * Which calls a process has kept an instance of, while answers are awaited. Bounded in bytes and number, the oldest
 * dropped: a call that finds nothing is replayed, which comes to the same.
 */
export class ParkedCalls {
  readonly #calls = new Map<string, ParkedCall>();
  #bytes = 0;

  has(call: string): boolean {
    return this.#calls.has(call);
  }

  /** @returns the calls that make room, of which the process is to be told */
  park(call: string, parked: ParkedCall): string[] {
    this.#calls.set(call, parked);
    this.#bytes += parked.bytes;
    const dropped: string[] = [];
    for (const oldest of this.#calls.keys()) {
      if (this.#bytes <= PARKED_BYTES && this.#calls.size <= PARKED_CALLS) break;
      dropped.push(oldest);
      this.#remove(oldest);
    }
    return dropped;
  }

  /** What is kept of it, and is not any more then. */
  take(call: string): ParkedCall | undefined {
    const kept = this.#calls.get(call);
    this.#remove(call);
    return kept;
  }

  #remove(call: string): void {
    this.#bytes -= this.#calls.get(call)?.bytes ?? 0;
    this.#calls.delete(call);
  }
}

const PARKED_BYTES = 64 * 1024 * 1024;
const PARKED_CALLS = 32;

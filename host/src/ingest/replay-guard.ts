import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';

/**
 * What signed deliveries were answered, so that the very same one again gets the same and is not taken twice. This is
 * the memory of one host, in front of the table seen_deliveries, which all hosts share and which decides.
 *
 *   unknown --take--> under way --answered 2xx--> known --older than the tolerance, twice--> unknown
 *                        |--answered otherwise, or failed--> unknown: it may come again
 *
 * Repetitions that arrive while the first is under way wait for its answer. If it may come again, the next of them is
 * taken in its place.
 */
export interface ReplayGuard<T> {
  /** @param answer is called for the first of its name, and for the next when the one before came to nothing */
  once(name: string, now: number, answer: () => Promise<T>): Promise<T>;
}

const MAX_ENTRIES = 50_000;

/** @param isTaken whether this answer means that the delivery was taken */
export function createReplayGuard<T>(
  isTaken: (answer: T) => boolean,
  maxEntries: number = MAX_ENTRIES,
): ReplayGuard<T> {
  const known = new Map<string, { answer: T; until: number }>();
  const underWay = new Map<string, Promise<T>>();

  function remember(name: string, answer: T, now: number): void {
    // The timestamp may lie as far ahead as behind.
    known.delete(name);
    known.set(name, { answer, until: now + 2 * ingestLimits.signatureToleranceMs });
    for (const [oldest, entry] of known) {
      if (entry.until > now && known.size <= maxEntries) break;
      known.delete(oldest);
    }
  }

  async function take(name: string, now: number, answer: () => Promise<T>): Promise<T> {
    const run = answer();
    underWay.set(name, run);
    try {
      const result = await run;
      if (isTaken(result)) remember(name, result, now);
      return result;
    } finally {
      underWay.delete(name);
    }
  }

  return {
    async once(name, now, answer) {
      for (;;) {
        const entry = known.get(name);
        if (entry !== undefined && entry.until > now) return entry.answer;
        const first = underWay.get(name);
        if (first === undefined) return take(name, now, answer);
        const result = await first.then(
          (value) => ({ value }),
          () => null,
        );
        if (result !== null && isTaken(result.value)) return result.value;
      }
    },
  };
}

import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';

/** What a signed delivery was answered, so that the very same one again gets the same and is not taken twice. */
export interface ReplayGuard<T> {
  find(id: string, now: number): T | undefined;
  /** Called once the delivery is stored: one that failed may come again. */
  remember(id: string, answer: T, now: number): void;
}

const MAX_ENTRIES = 50_000;

export function createReplayGuard<T>(maxEntries: number = MAX_ENTRIES): ReplayGuard<T> {
  const seen = new Map<string, { answer: T; until: number }>();
  return {
    find(id, now) {
      const entry = seen.get(id);
      return entry !== undefined && entry.until > now ? entry.answer : undefined;
    },
    remember(id, answer, now) {
      // The timestamp may lie as far ahead as behind.
      seen.delete(id);
      seen.set(id, { answer, until: now + 2 * ingestLimits.signatureToleranceMs });
      for (const [oldest, entry] of seen) {
        if (entry.until > now && seen.size <= maxEntries) break;
        seen.delete(oldest);
      }
    },
  };
}

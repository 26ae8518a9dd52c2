import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';

/**
 * Token buckets in memory, one per name: full at first, refilled evenly. Those that are full again are forgotten, and so
 * is the one used longest ago when there are too many.
 */
export interface RateLimits {
  /**
   * Takes one token.
   *
   * @param burst how many a full bucket holds
   * @returns 0 when it was there, else the seconds (at least 1) until there is one
   */
  take(name: string, perMinute: number, now: number, burst?: number): number;
}

interface Bucket {
  tokens: number;
  at: number;
  /** From when on it is full again, and need not be kept. */
  fullAt: number;
}

const MINUTE_MS = 60_000;
const MAX_BUCKETS = 50_000;

export function createRateLimits(maxBuckets: number = MAX_BUCKETS): RateLimits {
  const buckets = new Map<string, Bucket>();
  return {
    take(name, perMinute, now, burst = perMinute) {
      const perMs = perMinute / MINUTE_MS;
      let bucket = buckets.get(name);
      if (bucket === undefined) {
        bucket = { tokens: burst, at: now, fullAt: Infinity };
        buckets.set(name, bucket);
        forget(buckets, maxBuckets, now);
      } else {
        bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
        bucket.at = now;
      }
      const taken = bucket.tokens >= 1;
      if (taken) bucket.tokens -= 1;
      bucket.fullAt = now + (burst - bucket.tokens) / perMs;
      return taken ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000));
    },
  };
}

function forget(buckets: Map<string, Bucket>, max: number, now: number): void {
  if (buckets.size <= max) return;
  for (const [name, bucket] of buckets) if (bucket.fullAt <= now) buckets.delete(name);
  for (const name of buckets.keys()) {
    if (buckets.size <= max) return;
    buckets.delete(name);
  }
}

/** Failures of one sender: beyond this many a minute they are answered 429 and are no longer told apart. */
export const FAILURES_PER_MINUTE = ingestLimits.failuresPerAddressPerMinute;

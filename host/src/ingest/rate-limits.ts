import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';

/**
 * Token buckets in memory, one per name: full at first, refilled evenly over a minute. Those that are full again are
 * forgotten, and so is the one used longest ago when there are too many.
 */
export interface RateLimits {
  /**
   * Takes one token.
   *
   * @returns 0 when it was there, else the seconds (at least 1) until there is one
   */
  take(name: string, perMinute: number, now: number): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
const MAX_BUCKETS = 50_000;

export function createRateLimits(maxBuckets: number = MAX_BUCKETS): RateLimits {
  const buckets = new Map<string, Bucket>();
  return {
    take(name, perMinute, now) {
      const perMs = perMinute / MINUTE_MS;
      let bucket = buckets.get(name);
      if (bucket === undefined) {
        bucket = { tokens: perMinute, at: now };
        buckets.set(name, bucket);
        forget(buckets, maxBuckets, now);
      } else {
        bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
        bucket.at = now;
      }
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000));
    },
  };
}

/** A bucket that was not used for a minute is full, whatever its rate. */
function forget(buckets: Map<string, Bucket>, max: number, now: number): void {
  if (buckets.size <= max) return;
  for (const [name, bucket] of buckets) if (now - bucket.at >= MINUTE_MS) buckets.delete(name);
  for (const name of buckets.keys()) {
    if (buckets.size <= max) return;
    buckets.delete(name);
  }
}

/** Failures of one sender: beyond this many a minute they are answered 429 and are no longer told apart. */
export const FAILURES_PER_MINUTE = ingestLimits.failuresPerAddressPerMinute;

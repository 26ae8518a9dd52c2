/**
 * Counts failed tries per key within a sliding minute, in bounded memory: the oldest keys make room for new ones.
 * It belongs to one process; several hosts multiply the limit.
 */
export interface AttemptLimit {
  /** Seconds to wait, or 0 when another try is allowed. */
  waitSeconds(key: string, nowMs?: number): number;
  fail(key: string, nowMs?: number): void;
  clear(key: string): void;
}

const WINDOW_MS = 60_000;
const KEYS_MAX = 10_000;

export function createAttemptLimit(failuresPerMinute: number): AttemptLimit {
  const failures = new Map<string, number[]>();
  const recent = (key: string, nowMs: number) => (failures.get(key) ?? []).filter((at) => at > nowMs - WINDOW_MS);
  return {
    waitSeconds(key, nowMs = Date.now()) {
      const times = recent(key, nowMs);
      if (times.length < failuresPerMinute) return 0;
      return Math.max(1, Math.ceil(((times[0] ?? nowMs) + WINDOW_MS - nowMs) / 1000));
    },
    fail(key, nowMs = Date.now()) {
      const times = [...recent(key, nowMs), nowMs].slice(-failuresPerMinute);
      failures.delete(key);
      failures.set(key, times);
      if (failures.size > KEYS_MAX) {
        const oldest = failures.keys().next();
        if (!oldest.done) failures.delete(oldest.value);
      }
    },
    clear: (key) => void failures.delete(key),
  };
}

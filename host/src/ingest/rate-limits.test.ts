import { describe, expect, it } from 'vitest';
import { createRateLimits, type RateLimits } from './rate-limits.ts';

describe('a rate limit', () => {
  const takeMany = (limits: RateLimits, count: number, now: number, burst?: number) =>
    Array.from({ length: count }, () => limits.take('a', 60, now, burst)).filter((wait) => wait === 0).length;

  it('lets as many come at once as a minute allows, where no burst is said', () => {
    expect(takeMany(createRateLimits(), 100, 0)).toBe(60);
  });

  it('lets a burst come at once, and then what the rate gives', () => {
    const limits = createRateLimits();
    expect(takeMany(limits, 100, 0, 5)).toBe(5);
    expect(limits.take('a', 60, 0, 5)).toBe(1);
    expect(takeMany(limits, 100, 3_000, 5)).toBe(3);
    expect(takeMany(limits, 100, 3_600_000, 5)).toBe(5);
  });

  it('forgets a bucket only once it is full, however long that takes', () => {
    const limits = createRateLimits(2);
    expect(takeMany(limits, 200, 0, 120)).toBe(120);
    limits.take('b', 60, 0, 1);
    // A minute later one of them has to go: the other is only half full.
    limits.take('c', 60, 60_000, 1);
    expect(takeMany(limits, 200, 60_000, 120)).toBe(60);
  });
});

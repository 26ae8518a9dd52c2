import { describe, expect, it } from 'vitest';
import { RunEstimates } from './run-estimates.ts';
import { echo, runOf } from './test-modules.ts';

const HOUR_MS = 3_600_000;

describe('a version that was quick', () => {
  it('is not taken for quick with an input that is long', () => {
    const estimates = new RunEstimates();
    estimates.learn(runOf(echo), 100);
    expect(estimates.isQuick(runOf(echo, 'x'.repeat(1_000)))).toBe(true);
    expect(estimates.isQuick(runOf(echo, 'x'.repeat(100_000)))).toBe(false);
  });

  it('is started alone for an hour where it ended a process that it shared, and nowhere else', () => {
    let now = 0;
    const estimates = new RunEstimates(() => now);
    const [here, there] = [runOf(echo), runOf(echo, '{}', { installation: 'ins_b' })];
    estimates.learn(here, 100);
    // As quick as it should be: it was another of them.
    estimates.learnAlone(here, 200);
    expect(estimates.isQuick(here)).toBe(true);
    estimates.learnAlone(here, 28_000);
    now = HOUR_MS - 1;
    expect([estimates.isQuick(here), estimates.isQuick(there)]).toEqual([false, true]);
    now = HOUR_MS;
    expect(estimates.isQuick(here)).toBe(true);
  });

  it('says nothing of another program that the same module interprets', () => {
    const estimates = new RunEstimates();
    estimates.learn(runOf(echo, '{}', { program: 'a' }), 100);
    expect(estimates.isQuick(runOf(echo, '{}', { program: 'a' }))).toBe(true);
    expect(estimates.isQuick(runOf(echo, '{}', { program: 'b' }))).toBe(false);
  });
});

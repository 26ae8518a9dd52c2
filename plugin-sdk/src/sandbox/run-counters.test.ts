import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../contract/run.ts';
import { RunCounters } from './run-counters.ts';
import { failure } from './run-failure.ts';
import { echo, runOf } from './test-modules.ts';

const done = (cpuMicros: number, memoryBytes = 65_536): RunResult => ({
  status: 'done',
  output: '',
  asks: [],
  logs: [],
  usage: { cpuMicros, memoryBytes },
});

describe('the counters of runs', () => {
  it('count runs, errors by code, strikes and the most memory, for each installation', () => {
    const counters = new RunCounters();
    counters.count(runOf(echo), done(100), undefined);
    counters.count(runOf(echo), done(100, 131_072), undefined);
    counters.count(runOf(echo), failure('plugin', 'PLUGIN_TRAP', ''), 'trap');
    counters.count(runOf(echo, '', { installation: 'ins_b', group: 'grp_b' }), done(1), undefined);
    expect(counters.read()).toMatchObject([
      {
        module: echo.sha256,
        group: 'grp_a',
        installation: 'ins_a',
        runs: 3,
        errors: { PLUGIN_TRAP: 1 },
        strikes: { cpu: 0, trap: 1 },
        memoryBytesMax: 131_072,
        cpuMicrosTotal: 200,
      },
      { installation: 'ins_b', runs: 1, errors: {} },
    ]);
  });

  it('know the quantiles of the CPU time to a fifth', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000_000), { minLength: 1, maxLength: 300 }), (times) => {
        const counters = new RunCounters();
        for (const time of times) counters.count(runOf(echo), done(time), undefined);
        const sorted = times.toSorted((a, b) => a - b);
        const [read] = counters.read();
        for (const [share, seen] of [
          [0.5, read?.cpuMicrosP50 ?? -1],
          [0.99, read?.cpuMicrosP99 ?? -1],
        ] as const) {
          const exact = sorted[Math.ceil(times.length * share) - 1] ?? 0;
          expect(seen).toBeGreaterThanOrEqual(exact - 1);
          expect(seen).toBeLessThanOrEqual(exact * 1.2 + 2);
        }
      }),
    );
  });

  it('do not grow without end', () => {
    const counters = new RunCounters();
    for (let i = 0; i < 10_050; i++) counters.count(runOf(echo, '', { installation: `ins_${i}` }), done(1), undefined);
    for (let i = 0; i < 50; i++) counters.count(runOf(echo, '', { module: `m${i}` }), done(1), undefined);
    expect(counters.read().length).toBeLessThanOrEqual(10_008);
  });
});

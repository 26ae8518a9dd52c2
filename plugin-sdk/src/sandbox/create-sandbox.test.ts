import { afterAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../contract/run.ts';
import { createSandbox, type Strike } from './create-sandbox.ts';
import { echo, loaderOf, runOf, textModule } from './test-modules.ts';

const loop = textModule('(func (export "ingest") (result i32) (loop $l (br $l)) (i32.const 0))');

describe('a run', () => {
  const strikes: Strike[] = [];
  const sandbox = createSandbox({
    loadModule: loaderOf(echo, loop),
    onStrike: (strike) => strikes.push(strike),
  });
  afterAll(() => sandbox.close());

  it('gives the output of the module for its input', async () => {
    const result = await sandbox.run(runOf(echo, '{"text":"Grüße, 世界"}'));
    expect(result).toMatchObject({ status: 'done', output: '{"text":"Grüße, 世界"}', asks: [], logs: [] });
    expect(result.usage.memoryBytes).toBe(65_536);
  });

  it('is ended when it loops for ever, and the runs behind it give their results', async () => {
    const results = await Promise.all([
      ...Array.from({ length: 8 }, (_, i) => sandbox.run(runOf(echo, `before ${i}`))),
      sandbox.run(runOf(loop)),
      ...Array.from({ length: 8 }, (_, i) => sandbox.run(runOf(echo, `after ${i}`))),
    ]);
    const looped = results.splice(8, 1)[0];
    expect(looped).toMatchObject({ status: 'failed', fault: 'plugin', code: 'PLUGIN_TIMEOUT' });
    expect(results.map(outputOf)).toEqual([
      ...Array.from({ length: 8 }, (_, i) => `before ${i}`),
      ...Array.from({ length: 8 }, (_, i) => `after ${i}`),
    ]);
    expect(strikes).toEqual([{ module: loop.sha256, reason: 'cpu', group: 'grp_a', installation: 'ins_a' }]);
  });
});

function outputOf(result: RunResult | undefined): string | undefined {
  return result?.status === 'done' ? result.output : result?.status;
}

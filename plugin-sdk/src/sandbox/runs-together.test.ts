import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../contract/run.ts';
import { createSandbox, type ProcessSandbox } from './create-sandbox.ts';
import { echo, loaderOf, runOf, textModule } from './test-modules.ts';

const onLongInput = (then: string) =>
  textModule(
    `(func (export "ingest") (result i32)
      (if (i32.gt_u (call $input_length) (i32.const 10)) (then ${then}))
      (call $output_write (i32.const 0) (i32.const 2))
      (i32.const 0))
     (data (i32.const 0) "{}")`,
  );
const loops = onLongInput('(loop $l (br $l))');
const traps = onLongInput('(unreachable)');
// Ends with something in its memory.
const leaves = textModule(
  `(func (export "ingest") (result i32)
    (i32.store8 (i32.const 0) (i32.add (i32.const 1) (i32.load8_u (i32.const 0))))
    (call $output_write (i32.const 0) (i32.const 1))
    (i32.const 0))
   (data (i32.const 0) "0")`,
  { ours: true },
);

// Does next to nothing, but has 64 MiB that are put back after every run.
const large = textModule(
  `(func (export "ingest") (result i32) (call $output_write (i32.const 0) (i32.const 2)) (i32.const 0))
   (data (i32.const 0) "{}")`,
  { memory: '1000' },
);

const TOGETHER = /started together/;

describe('runs of versions that are known to be quick', () => {
  let sandbox: ProcessSandbox;
  let logged: string[];
  beforeEach(async () => {
    logged = [];
    const modules = [echo, loops, traps, leaves, large];
    const proven = modules.map(({ sha256 }) => sha256);
    const log = (line: string) => void logged.push(line);
    sandbox = createSandbox({ loadModule: loaderOf(...modules), processes: 1, slowProcesses: 1, proven, log });
    await sandbox.warm(proven);
    for (const module of modules) for (let i = 0; i < 20; i++) await sandbox.run(runOf(module));
  });
  afterEach(() => sandbox.close());

  /** Many short inputs of several groups, and one long one of `module` between them, sent at once. */
  async function amongOthers(module: typeof echo) {
    const others = Array.from({ length: 24 }, (_, i) => `other ${i}`);
    const run = (input: string) => sandbox.run(runOf(echo, input, { group: `grp_${input}` }));
    const before = others.slice(0, 12).map(run);
    const long = sandbox.run(runOf(module, 'a long input'));
    const after = others.slice(12).map(run);
    const outputs = (await Promise.all([...before, ...after])).map(outputOf);
    expect(outputs).toEqual(others);
    return await long;
  }

  it('are not hurt by one that never ends, which alone is blamed', async () => {
    expect(await amongOthers(loops)).toMatchObject({ status: 'failed', fault: 'plugin', code: 'RUN_CPU_EXCEEDED' });
    expect(logged).toContainEqual(expect.stringMatching(TOGETHER));
    const strikes = sandbox.statistics().filter((of) => of.strikes.cpu > 0);
    expect(strikes).toMatchObject([{ module: loops.sha256, strikes: { cpu: 1, trap: 0 } }]);
  });

  it('are started with one that was late only when it is quick again', async () => {
    await amongOthers(loops);
    logged = [];
    await amongOthers(loops);
    expect(logged.filter((line) => TOGETHER.test(line))).toEqual([]);
  });

  it('are not hurt by one that traps', async () => {
    expect(await amongOthers(traps)).toMatchObject({ status: 'failed', fault: 'plugin', code: 'PLUGIN_TRAP' });
    expect(logged).toEqual([]);
  });

  it('are those alone whose memory is put back as quickly', async () => {
    const runs = Array.from({ length: 24 }, () => sandbox.run(runOf(large)));
    const results = await Promise.all(runs);
    expect(results.map(outputOf)).toEqual(runs.map(() => '{}'));
    // No machine writes 64 MiB in less.
    for (const { usage } of results) expect(usage.cpuMicros).toBeGreaterThan(500);
    expect(logged).toEqual([]);
  });

  it('find nothing of each other', async () => {
    const runs = Array.from({ length: 40 }, (_, i) => sandbox.run(runOf(leaves, '{}', { group: `grp_${i % 5}` })));
    expect((await Promise.all(runs)).map(outputOf)).toEqual(runs.map(() => '1'));
  });
});

function outputOf(result: RunResult): string {
  return result.status === 'done' ? result.output : JSON.stringify(result);
}

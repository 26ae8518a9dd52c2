import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { sandboxLimits } from '../contract/limits.ts';
import type { RunResult } from '../contract/run.ts';
import { createSandbox, type ProcessSandbox, type Quarantine, type SandboxOptions } from './create-sandbox.ts';
import { echo, emptyJournal, loaderOf, runOf, textModule } from './test-modules.ts';

const loop = textModule('(func (export "ingest") (result i32) (loop $l (br $l)) (i32.const 0))');
const trap = textModule('(func (export "ingest") (result i32) (unreachable))');
// Traps on an input of more than ten bytes.
const trapSometimes = textModule(
  `(func (export "ingest") (result i32)
    (if (i32.gt_u (call $input_length) (i32.const 10)) (then (unreachable)))
    (call $output_write (i32.const 0) (i32.const 2))
    (i32.const 0))
   (data (i32.const 0) "{}")`,
);

// Counts, which takes some tens of milliseconds of CPU time, unless its input is longer than two bytes.
const long = textModule(
  `(func (export "ingest") (result i32) (local $i i32)
    (if (i32.le_u (call $input_length) (i32.const 2)) (then
      (loop $l (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 60000000))))))
    (call $output_write (i32.const 0) (i32.const 2))
    (i32.const 0))
   (data (i32.const 0) "{}")`,
);

const opened: ProcessSandbox[] = [];
function open(options: Partial<SandboxOptions> = {}): ProcessSandbox {
  const sandbox = createSandbox({
    loadModule: loaderOf(echo, loop, trap, trapSometimes, long),
    processes: 1,
    slowProcesses: 1,
    ...options,
  });
  opened.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

/** The names of these runs in the order in which they ended. */
async function order(runs: Record<string, Promise<RunResult>>): Promise<string[]> {
  const ended: string[] = [];
  await Promise.all(Object.entries(runs).map(([name, run]) => run.then(() => ended.push(name))));
  return ended;
}

describe('the slow lane', () => {
  it('has versions that are new, so that a proven one does not wait for them', async () => {
    const sandbox = open({ proven: [echo.sha256] });
    await sandbox.warm([echo.sha256, loop.sha256]);
    for (let i = 0; i < 10; i++) await sandbox.run(runOf(echo));
    const loops = Array.from({ length: 4 }, (_, i) => sandbox.run(runOf(loop, `${i}`, { group: `grp_${i}` })));
    const ended = await order({ loop: Promise.race(loops), proven: sandbox.run(runOf(echo)) });
    expect(ended).toEqual(['proven', 'loop']);
    await Promise.all(loops);
  });

  it('still has a version that was only warmed: a restart proves nothing', async () => {
    const proven: string[] = [];
    const sandbox = open({ onProven: (module) => proven.push(module) });
    await sandbox.warm([echo.sha256, loop.sha256]);
    // The deadline of the loop is far: what shares its lane waits for it.
    const far = { installation: 'ins_loop', limits: { runCpuMs: 1000, runWallMs: 600_000 } };
    const first = await order({ loop: sandbox.run(runOf(loop, '{}', far)), warmed: sandbox.run(runOf(echo)) });
    expect(first).toEqual(['loop', 'warmed']);
    for (let runs = 1; runs < sandboxLimits.provenRuns; runs++) await sandbox.run(runOf(echo));
    expect(proven).toEqual([echo.sha256]);
    const then = await order({ loop: sandbox.run(runOf(loop, '{}', far)), proven: sandbox.run(runOf(echo)) });
    expect(then).toEqual(['proven', 'loop']);
  });

  it('has installations that have used up their CPU time', async () => {
    const sandbox = open({ proven: [echo.sha256, loop.sha256] });
    await sandbox.warm([echo.sha256, loop.sha256]);
    const spends = Math.ceil(sandboxLimits.installationCpuMsPerMinute / 2000) + 1;
    for (let i = 0; i < spends; i++)
      // The same input again: it counts as one strike.
      await sandbox.run(
        runOf(loop, '{}', { installation: 'ins_spender', limits: { runCpuMs: 2000, runWallMs: 600_000 } }),
      );
    for (let i = 0; i < 10; i++) await sandbox.run(runOf(echo, '{}', { installation: 'ins_saver' }));
    const another = sandbox.run(runOf(loop, 'slow', { limits: { runWallMs: 600_000 } }));
    const spender = sandbox.run(runOf(echo, '{}', { installation: 'ins_spender', group: 'grp_b' }));
    const ended = await order({
      spender,
      another,
      saver: sandbox.run(runOf(echo, '{}', { installation: 'ins_saver' })),
    });
    expect(ended[0]).toBe('saver');
  });

  it('has installations whose runs are not known yet, or long, until they are short again', async () => {
    const sandbox = open({ proven: [echo.sha256, long.sha256] });
    await sandbox.warm([echo.sha256, long.sha256]);
    const limits = { runCpuMs: 5000, runWallMs: 600_000 };
    const run = (input: string) => sandbox.run(runOf(long, input, { installation: 'ins_long', limits }));
    // So long an input is not started together with another run: it comes after what was sent before it.
    const quick = () => sandbox.run(runOf(echo, 'x'.repeat(20_000), { group: 'grp_b' }));
    const meanwhile = () => order({ long: run('{}'), quick: quick() });
    // The first run of each is not known to be short.
    expect(await meanwhile()).toEqual(['long', 'quick']);
    for (let i = 0; i < 10; i++) await sandbox.run(runOf(echo, '{}', { group: 'grp_b' }));
    expect(await meanwhile()).toEqual(['quick', 'long']);
    for (let i = 0; i < 40; i++) await run('short');
    expect(await meanwhile()).toEqual(['long', 'quick']);
  });
});

describe('a version that breaks its limits', () => {
  it('is quarantined for the installation, and runs again when it is released', async () => {
    const quarantines: Quarantine[] = [];
    const sandbox = open({ onQuarantine: (quarantine) => quarantines.push(quarantine) });
    const results: RunResult[] = [];
    for (let i = 0; i <= sandboxLimits.strikesToQuarantine; i++)
      results.push(await sandbox.run(runOf(trap, `{"i":${i}}`)));
    expect(results.map((result) => result.status === 'failed' && result.code)).toEqual([
      ...Array.from({ length: sandboxLimits.strikesToQuarantine }, () => 'PLUGIN_TRAP'),
      'PLUGIN_QUARANTINED',
    ]);
    expect(quarantines).toMatchObject([{ module: trap.sha256, installation: 'ins_a', reason: 'trap', strikes: 5 }]);
    expect(sandbox.quarantined()).toEqual(quarantines);
    expect(await sandbox.run(runOf(trap, '{}', { installation: 'ins_b' }))).toMatchObject({ code: 'PLUGIN_TRAP' });
    expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
    expect(sandbox.statistics()).toContainEqual(
      expect.objectContaining({
        module: trap.sha256,
        installation: 'ins_a',
        errors: { PLUGIN_TRAP: 5, PLUGIN_QUARANTINED: 1 },
        strikes: { cpu: 0, trap: 5 },
      }),
    );

    const later = open({ quarantined: quarantines });
    expect(await later.run(runOf(trap))).toMatchObject({ code: 'PLUGIN_QUARANTINED', fault: 'plugin' });
    expect(later.release(trap.sha256, 'ins_a')).toBe(true);
    expect(await later.run(runOf(trap))).toMatchObject({ code: 'PLUGIN_TRAP' });
  });

  it('is not quarantined for a request that is tried again and again', async () => {
    const sandbox = open();
    for (let i = 0; i < 3 * sandboxLimits.strikesToQuarantine; i++)
      expect(await sandbox.run(runOf(trapSometimes, 'a long input'))).toMatchObject({ code: 'PLUGIN_TRAP' });
    expect(await sandbox.run(runOf(trapSometimes, 'short'))).toMatchObject({ status: 'done' });
  });
});

describe('a process', () => {
  it('is replaced after so many runs, and no run notices', async () => {
    const sandbox = open({ processes: 2, slowProcesses: 0, runsPerProcess: 40 });
    await sandbox.warm([echo.sha256]);
    const seen = new Set(sandbox.pids());
    for (let round = 0; round < 10; round++) {
      const runs = Array.from({ length: 40 }, (_, i) => sandbox.run(runOf(echo, `${round} ${i}`)));
      const results = await Promise.all(runs);
      expect(results.map((result) => result.status === 'done' && result.output)).toEqual(
        runs.map((_, i) => `${round} ${i}`),
      );
      for (const pid of sandbox.pids()) seen.add(pid);
    }
    expect(seen.size).toBeGreaterThan(4);
    for (let tries = 0; sandbox.pids().length > 2 && tries < 500; tries++) await sleep(10);
    expect(sandbox.pids().length).toBeLessThanOrEqual(2);
  });

  it.runIf(process.platform === 'linux')('is replaced when its memory has grown too far, and not before', async () => {
    const wide = textModule(
      `(func (export "ingest") (result i32)
        (memory.fill (i32.const 0) (i32.const 32) (i32.const 65536000))
        (call $output_write (i32.const 0) (i32.const 2))
        (i32.const 0))`,
      { memory: '1000' },
    );
    const lines: string[] = [];
    const loadModule = loaderOf(echo, wide);
    const grown = { processes: 1, slowProcesses: 0, processGrowthBytes: 48 * 2 ** 20 };
    const sandbox = open({ ...grown, loadModule, log: (line) => lines.push(line) });
    const many = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => sandbox.run(runOf(echo, `${i}`))));
    await many(1100);
    expect(lines).toEqual([]);
    const [first] = sandbox.pids();
    expect(await sandbox.run(runOf(wide, '{}', { limits: { runCpuMs: 10_000 } }))).toMatchObject({ status: 'done' });
    const results = await many(1100);
    expect(results.map((result) => result.status === 'done' && result.output)).toEqual(results.map((_, i) => `${i}`));
    expect(lines).toEqual([
      expect.stringMatching(/^a sandbox process is replaced after \d+ runs, grown by (4[89]|[5-9]\d)/),
    ]);
    for (let tries = 0; sandbox.pids().includes(first ?? 0) && tries < 500; tries++) await sleep(10);
    expect(sandbox.pids()).not.toContain(first);
  });

  it('is killed every 200 ms for seven seconds, and no run fails or is answered twice', async () => {
    const sandbox = open({ processes: 2, slowProcesses: 1 });
    await sandbox.warm([echo.sha256]);
    const until = performance.now() + 7_000;
    let kills = 0;
    let runs = 0;
    const wrong: unknown[] = [];
    const killing = (async () => {
      for (; performance.now() < until; await sleep(200)) {
        const pids = sandbox.pids();
        const pid = pids[Math.floor(Math.random() * pids.length)];
        if (pid !== undefined) {
          process.kill(pid, 'SIGKILL');
          kills += 1;
        }
      }
    })();
    const caller = async (name: string): Promise<void> => {
      while (performance.now() < until) {
        const input = `${name} ${runs++}`;
        const result = await sandbox.run(runOf(echo, input, { group: name }));
        if (result.status !== 'done' || result.output !== input) wrong.push(result);
      }
    };
    await Promise.all([killing, ...Array.from({ length: 20 }, (_, i) => caller(`grp_${i}`))]);
    expect(wrong).toEqual([]);
    expect(kills).toBeGreaterThan(10);
  });
});

describe('budgets that the sandbox keeps before a run', () => {
  it('are of the input and of the journal, each with its code', async () => {
    const sandbox = open();
    const large = await sandbox.run(runOf(echo, 'x'.repeat(sandboxLimits.inputBytes + 1)));
    expect(large).toMatchObject({ status: 'failed', fault: 'plugin', code: 'INPUT_TOO_LARGE' });
    const answers: [number, { ok: string }][] = [[0, { ok: 'x'.repeat(sandboxLimits.journalBytes + 300_000) }]];
    const asks = [{ kind: 'http' as const, digest: '0'.repeat(64), blocking: false }];
    const journal = { ...emptyJournal, asks, batches: [{ at: 1, answers }] };
    expect(await sandbox.run(runOf(echo, '{}', { journal }))).toMatchObject({ code: 'JOURNAL_TOO_LARGE' });
    expect(sandbox.statistics()).toMatchObject([{ runs: 2, errors: { INPUT_TOO_LARGE: 1, JOURNAL_TOO_LARGE: 1 } }]);
    expect(await sandbox.run(runOf(echo, 'small'))).toMatchObject({ output: 'small' });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../contract/run.ts';
import { createSandbox, type ProcessSandbox, type SandboxOptions, type Strike } from './create-sandbox.ts';
import { echo, loaderOf, runOf, textModule } from './test-modules.ts';

const loop = textModule('(func (export "ingest") (result i32) (loop $l (br $l)) (i32.const 0))');
// Counts to a large number, which takes some milliseconds of CPU time, and then says "{}".
const slow = textModule(
  `(func (export "ingest") (result i32) (local $i i32)
    (loop $l (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000000))))
    (call $output_write (i32.const 0) (i32.const 2))
    (i32.const 0))
   (data (i32.const 0) "{}")`,
);

const opened: ProcessSandbox[] = [];
function open(options: Partial<SandboxOptions> = {}): ProcessSandbox {
  const sandbox = createSandbox({ loadModule: loaderOf(echo, loop, slow), ...options });
  opened.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

function outputs(results: RunResult[]): string[] {
  return results.map((result) => (result.status === 'done' ? result.output : JSON.stringify(result)));
}
const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name} ${i}`);

function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the sandbox', () => {
  it('gives the output of the module for its input', async () => {
    const result = await open().run(runOf(echo, '{"text":"Grüße, 世界"}'));
    expect(result).toMatchObject({ status: 'done', output: '{"text":"Grüße, 世界"}', asks: [], logs: [] });
    expect(result.usage.memoryBytes).toBe(65_536);
  });

  it('says when a run is handed to a process, which is not while it waits for the one before', async () => {
    const told: string[] = [];
    let withTheFirst: string[] = [];
    const sandbox = open({ processes: 1 });
    // What a module takes that never ran is not known, so nothing is sent behind its first run.
    await Promise.all([
      sandbox.run(runOf(slow), () => {
        told.push('first');
        // Whatever is sent along is sent in the same turn.
        queueMicrotask(() => (withTheFirst = [...told]));
      }),
      sandbox.run(runOf(slow), () => told.push('second')),
    ]);
    expect(withTheFirst).toEqual(['first']);
    expect(told).toEqual(['first', 'second']);
  });

  it('ends a run that loops for ever, and runs what waited behind it', async () => {
    const strikes: Strike[] = [];
    const sandbox = open({ onStrike: (strike) => strikes.push(strike) });
    const [before, looped, after] = await Promise.all([
      Promise.all(numbered('before', 8).map((input) => sandbox.run(runOf(echo, input)))),
      // However busy the machine is, it is the CPU time that ends it.
      sandbox.run(runOf(loop, '{}', { limits: { runWallMs: 600_000 } })),
      Promise.all(numbered('after', 8).map((input) => sandbox.run(runOf(echo, input)))),
    ]);
    expect(looped).toMatchObject({ status: 'failed', fault: 'plugin', code: 'RUN_CPU_EXCEEDED' });
    expect(outputs(before)).toEqual(numbered('before', 8));
    expect(outputs(after)).toEqual(numbered('after', 8));
    expect(strikes).toEqual([{ module: loop.sha256, reason: 'cpu', group: 'grp_a', installation: 'ins_a' }]);
  });

  it('ends a loop at its own deadline, whatever was watched before it', async () => {
    const [loaded, other] = [open({ processes: 1 }), open({ processes: 1 })];
    // Loading may take a second of CPU time. One of the two has loaded long ago, the other just now.
    await other.warm([loop.sha256]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await loaded.warm([loop.sha256]);
    const ended: string[] = [];
    const run = async (name: string, sandbox: ProcessSandbox, runCpuMs: number): Promise<void> => {
      await sandbox.run(runOf(loop, '{}', { limits: { runCpuMs, runWallMs: 600_000 } }));
      ended.push(name);
    };
    await Promise.all([run('near', loaded, 50), run('far', other, 150)]);
    expect(ended).toEqual(['near', 'far']);
  });

  it('strikes nobody when the parent itself was blocked for longer than a run may take', async () => {
    const strikes: Strike[] = [];
    const sandbox = open({ processes: 1, onStrike: (strike) => strikes.push(strike) });
    await sandbox.run(runOf(echo));
    const limits = { runCpuMs: 40, runWallMs: 600_000 };
    const running = numbered('run', 20).map((input) => sandbox.run(runOf(echo, input, { limits })));
    await new Promise((resolve) => setImmediate(resolve));
    blockFor(150);
    expect(outputs(await Promise.all(running))).toEqual(numbered('run', 20));
    expect(strikes).toEqual([]);
  });

  it('loses no run when a child is killed under load', async () => {
    const sandbox = open({ processes: 2 });
    await sandbox.warm([echo.sha256, slow.sha256]);
    const first = sandbox.pids();
    expect(first).toHaveLength(2);
    const running = numbered('run', 300).map((input, i) => sandbox.run(runOf(i % 10 === 0 ? slow : echo, input)));
    for (const pid of first) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      process.kill(pid, 'SIGKILL');
    }
    const expected = numbered('run', 300).map((input, i) => (i % 10 === 0 ? '{}' : input));
    expect(outputs(await Promise.all(running))).toEqual(expected);
    expect(sandbox.pids()).not.toEqual(first);
  });

  it('lets a quiet group pass one that floods', async () => {
    const sandbox = open({ processes: 1 });
    await sandbox.run(runOf(slow, '{}', { group: 'grp_loud' }));
    const ended: string[] = [];
    const runs = Array.from({ length: 60 }, () =>
      sandbox.run(runOf(slow, '{}', { group: 'grp_loud' })).then(() => ended.push('loud')),
    );
    runs.push(sandbox.run(runOf(echo, '{}', { group: 'grp_quiet' })).then(() => ended.push('quiet')));
    await Promise.all(runs);
    expect(ended.indexOf('quiet')).toBeLessThan(40);
  });

  it('answers every run when it is closed, and those that come later', async () => {
    const sandbox = open({ processes: 1 });
    await sandbox.run(runOf(echo));
    const running = [sandbox.run(runOf(loop)), ...numbered('run', 50).map((input) => sandbox.run(runOf(slow, input)))];
    await sandbox.close();
    const late = await sandbox.run(runOf(echo));
    for (const result of [...(await Promise.all(running)), late])
      expect(result).toMatchObject({ status: 'failed', fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
    expect(sandbox.pids()).toEqual([]);
  });

  it('refuses more waiting runs than it was told to hold', async () => {
    const sandbox = open({ processes: 1, maxWaiting: 5 });
    const results = await Promise.all(numbered('run', 100).map((input) => sandbox.run(runOf(echo, input))));
    const refused = results.filter(({ status }) => status === 'failed');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(100);
    for (const result of refused) expect(result).toMatchObject({ fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
  });

  it('says that it is unavailable when a module cannot be read', async () => {
    const sandbox = open({ loadModule: () => Promise.reject(new Error('disk password is hunter2')) });
    const result = await sandbox.run(runOf(echo));
    expect(result).toMatchObject({ status: 'failed', fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

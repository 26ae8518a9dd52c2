import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../contract/run.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { askDigest } from './ask-digest.ts';
import { createSandbox, type Strike } from './create-sandbox.ts';
import { echo, emptyJournal, loaderOf, runOf, textModule } from './test-modules.ts';

const modules = {
  echo,
  trap: textModule('(func (export "ingest") (result i32) (unreachable))'),
  overflow: textModule('(func $f (export "ingest") (result i32) (call $f))'),
  grow: textModule(
    `(func (export "ingest") (result i32)
      (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      (call $output_write (i32.const 0) (i32.const 2))
      (i32.const 0))
     (data (i32.const 0) "{}")`,
    { memory: '1 65536' },
  ),
  growThenTrap: textModule(
    `(func (export "ingest") (result i32)
      (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      (unreachable))`,
  ),
  silent: textModule('(func (export "ingest") (result i32) (i32.const 0))', { ours: true }),
  fails: textModule(
    `(func (export "ingest") (result i32)
      (call $output_write (i32.const 0) (i32.const 2))
      (call $error_write (i32.const 8) (i32.const 73))
      (i32.const 1))
     (data (i32.const 0) "{}")
     (data (i32.const 8) "{\\"name\\":\\"TypeError\\",\\"message\\":\\"no alerts\\",\\"stack\\":\\"at ingest\\",\\"code\\":\\"X\\"}")`,
  ),
  logs: textModule(
    `(func (export "ingest") (result i32)
      (loop $more (call $log_write (i32.const 1) (i32.const 0) (i32.const 16)) (br $more))
      (i32.const 0))
     (data (i32.const 0) "{\\"message\\":\\"hi\\"}")`,
  ),
  longLogs: textModule(
    `(func (export "ingest") (result i32)
      (loop $more (call $log_write (i32.const 1) (i32.const 0) (i32.const 60000)) (br $more))
      (i32.const 0))`,
  ),
  largeOutput: textModule(
    `(func (export "ingest") (result i32)
      (call $output_write (i32.const 0) (i32.const ${sandboxLimits.outputBytes + 1}))
      (i32.const 0))`,
    { memory: '17' },
  ),
  manyAsks: textModule(
    `(func (export "ingest") (result i32)
      (loop $more (drop (call $ask (i32.const 0) (i32.const 2))) (br $more))
      (i32.const 0))
     (data (i32.const 0) "{}")`,
  ),
  badPointer: textModule(
    `(func (export "ingest") (result i32) (call $output_write (i32.const 65530) (i32.const 100)) (i32.const 0))`,
  ),
  // Counts its own runs in memory and in an exported global; a clean state answers "1" every time.
  counter: textModule(
    `(global $count (export "__stack_pointer") (mut i32) (i32.const 48))
     (func (export "ingest") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (i32.store8 (i32.const 100) (i32.add (i32.load8_u (i32.const 100)) (i32.const 1)))
      (i32.store8 (i32.const 0) (global.get $count))
      (i32.store8 (i32.const 1) (i32.add (i32.load8_u (i32.const 100)) (i32.const 48)))
      (call $output_write (i32.const 0) (i32.const 2))
      (i32.const 0))`,
    { ours: true },
  ),
  // The same with a global that nobody can put back.
  hiddenCounter: textModule(
    `(global $count (mut i32) (i32.const 48))
     (func (export "ingest") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (i32.store8 (i32.const 0) (global.get $count))
      (call $output_write (i32.const 0) (i32.const 1))
      (i32.const 0))`,
    { ours: true },
  ),
  growingCounter: textModule(
    `(func (export "ingest") (result i32)
      (i32.store8 (i32.const 0) (i32.add (memory.size) (i32.const 48)))
      (drop (memory.grow (i32.const 1)))
      (call $output_write (i32.const 0) (i32.const 1))
      (i32.const 0))`,
    { ours: true },
  ),
  loopAtStart: textModule(
    `(func $start (loop $l (br $l))) (start $start) (func (export "ingest") (result i32) (i32.const 0))`,
    { http: false },
  ),
  trapAtStart: textModule(
    `(func $start (unreachable)) (start $start) (func (export "ingest") (result i32) (i32.const 0))`,
    { http: false },
  ),
};

describe('a hostile module', () => {
  const strikes: Strike[] = [];
  const sandbox = createSandbox({
    loadModule: loaderOf(...Object.values(modules)),
    processes: 1,
    onStrike: (strike) => strikes.push(strike),
  });
  beforeEach(() => {
    strikes.length = 0;
  });
  afterAll(() => sandbox.close());
  const run = (name: keyof typeof modules, input = '{}', more = {}): Promise<RunResult> =>
    sandbox.run(runOf(modules[name], input, more));

  it('that traps fails its run with a strike, and the process goes on', async () => {
    await run('echo');
    const [pid] = sandbox.pids();
    expect(await run('trap')).toMatchObject({ status: 'failed', fault: 'plugin', code: 'PLUGIN_TRAP' });
    expect(strikes).toMatchObject([{ module: modules.trap.sha256, reason: 'trap' }]);
    expect(await run('echo', 'still here')).toMatchObject({ status: 'done', output: 'still here' });
    expect(sandbox.pids()).toEqual([pid]);
  });

  it('that recurses for ever traps', async () => {
    expect(await run('overflow')).toMatchObject({ status: 'failed', code: 'PLUGIN_TRAP' });
    expect(await run('echo', 'still here')).toMatchObject({ output: 'still here' });
  });

  it('that traps or loops while it is instantiated fails its runs and nobody else’s', async () => {
    expect(await run('trapAtStart')).toMatchObject({ status: 'failed', fault: 'plugin' });
    const [looped, other] = await Promise.all([run('loopAtStart'), run('echo', 'other')]);
    expect(looped).toMatchObject({ status: 'failed', code: 'RUN_CPU_EXCEEDED' });
    expect(other).toMatchObject({ status: 'done', output: 'other' });
  });

  it('gets no more memory than the limit, whatever maximum it declares', async () => {
    const result = await run('grow');
    expect(result.status).toBe('done');
    expect(result.usage.memoryBytes).toBeLessThanOrEqual(sandboxLimits.memoryBytes);
    expect(result.usage.memoryBytes).toBeGreaterThan(sandboxLimits.memoryBytes - 17 * 65_536);
  });

  it('that traps for want of memory is told so', async () => {
    expect(await run('growThenTrap')).toMatchObject({ status: 'failed', code: 'MEMORY_EXCEEDED' });
  });

  it('that says nothing has stalled, also right after a run that said something', async () => {
    await run('echo', 'a secret of another');
    expect(await run('silent')).toMatchObject({ status: 'failed', code: 'STALLED' });
  });

  it('that reports an error fails with it, and its output does not count', async () => {
    const result = await run('fails');
    expect(result).toMatchObject({
      status: 'failed',
      fault: 'plugin',
      code: 'PLUGIN_ERROR',
      error: { name: 'TypeError', message: 'no alerts', stack: 'at ingest', code: 'X' },
    });
    expect(strikes).toEqual([]);
  });

  it.each([
    ['logs', 'LOG_LINES_EXCEEDED'],
    ['longLogs', 'LOG_BYTES_EXCEEDED'],
    ['largeOutput', 'OUTPUT_TOO_LARGE'],
    ['manyAsks', 'ASKS_EXCEEDED'],
  ] as const)('%s is stopped at its budget: %s', async (name, code) => {
    const result = await run(name);
    expect(result).toMatchObject({ status: 'failed', code });
    expect(result.logs.length).toBeLessThanOrEqual(sandboxLimits.logLines);
    expect(result.logs.map(({ message }) => message).join('').length).toBeLessThanOrEqual(sandboxLimits.logBytes);
  });

  it('that points outside its memory fails', async () => {
    expect(await run('badPointer')).toMatchObject({ status: 'failed', code: 'PLUGIN_TRAP' });
  });

  it.each([
    ['counter', '11'],
    ['hiddenCounter', '1'],
    ['growingCounter', '1'],
  ] as const)('%s finds the first state in every run', async (name, expected) => {
    for (let i = 0; i < 4; i++) expect(await run(name)).toMatchObject({ status: 'done', output: expected });
  });

  it('is refused when its bytes are not what the digest says', async () => {
    const liar = createSandbox({ loadModule: () => Promise.resolve(modules.trap.wasm) });
    expect(await liar.run(runOf(modules.echo))).toMatchObject({ status: 'failed', code: 'MODULE_INVALID' });
    await liar.close();
  });

  it('has no export that is not a run', async () => {
    expect(await run('echo', '{}', { export: 'deliver' })).toMatchObject({ status: 'failed', code: 'MODULE_INVALID' });
    const named = { export: '__proto__' };
    expect(await run('echo', '{}', named)).toMatchObject({ status: 'failed', code: 'MODULE_INVALID' });
  });

  it('is told which ask differs from the journal', async () => {
    const text = '{}';
    const asks = [{ kind: 'http' as const, digest: askDigest('http', text), blocking: false }];
    const result = await run('manyAsks', '{}', {
      journal: { ...emptyJournal, asks: [...asks, { ...asks[0], digest: 'f'.repeat(64) }] },
    });
    expect(result).toMatchObject({
      status: 'failed',
      fault: 'plugin',
      code: 'NON_DETERMINISTIC',
      ask: { number: 1, kind: 'http', expected: `http ${'f'.repeat(64)}` },
    });
  });
});

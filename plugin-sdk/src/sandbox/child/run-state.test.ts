import { describe, expect, it } from 'vitest';
import { askDigest } from '../ask-digest.ts';
import type { RunMessage } from '../messages.ts';
import { hostFunctions } from './host-functions.ts';
import { newContext } from './import-context.ts';
import { RunEnded, RunState } from './run-state.ts';

const usage = { memoryBytes: 65_536, memoryMax: 67_108_864 };
const message: RunMessage = {
  id: 1,
  module: '',
  export: 'deliver',
  seed: '07'.repeat(32),
  startedAt: 1000,
  inputBytes: 0,
};

/** A run as a guest sees it: imports over a memory that the test reads and writes. */
function guest(more: Partial<RunMessage> = {}, ...batches: string[]) {
  const run = new RunState({ ...message, ...more }, Buffer.from(batches.join('')));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const imports = hostFunctions({ ...newContext(), run, memory });
  const call = (module: string, name: string, ...parameters: number[]): number | undefined =>
    imports[`patchbay:${module}`]?.[name]?.(...(parameters as never[])) as number | undefined;
  const write = (text: string): [number, number] => [0, Buffer.from(memory.buffer).write(text, 0)];
  const read = (length: number): string => Buffer.from(memory.buffer).toString('utf8', 0, length);
  return { run, call, write, read };
}

describe('a flagged run', () => {
  it('goes no further, though the guest catches what its imports throw, and its output does not count', () => {
    const { run, call, write } = guest();
    const [pointer, length] = write('{"url":"https://a.example"}');
    expect(() => call('http', 'ask_blocking', pointer, length)).toThrow(RunEnded);
    for (const [module, name] of [
      ['io', 'output_write'],
      ['io', 'error_write'],
      ['io', 'now'],
      ['io', 'batch_length'],
      ['io', 'log_write'],
      ['http', 'ask'],
      ['store', 'ask'],
    ] as const)
      expect(() => call(module, name, pointer, length)).toThrow(RunEnded);
    const { header, output } = run.result({ code: 0 }, usage);
    expect(output).toBeUndefined();
    expect(header).toMatchObject({
      status: 'open',
      waitingFor: [0],
      asks: [{ number: 0, kind: 'http', blocking: true }],
    });
  });

  it('keeps the first failure', () => {
    const { run, call } = guest({ limits: { outputBytes: 10 } });
    expect(() => call('io', 'output_write', 0, 11)).toThrow(RunEnded);
    expect(() => call('io', 'output_write', -1, 11)).toThrow(RunEnded);
    expect(run.result({ code: 0 }, usage).header.failure).toMatchObject({ code: 'OUTPUT_TOO_LARGE' });
  });
});

describe('a replay', () => {
  const ask = '{"url":"https://a.example"}';
  const other = '{"url":"https://b.example"}';
  const asks = (blocking: boolean) => [
    { kind: 'http' as const, digest: askDigest('http', ask), blocking: false },
    { kind: 'http' as const, digest: askDigest('http', other), blocking },
  ];

  it('gives a blocking ask its own answer and leaves earlier batches to the end of the work', () => {
    const first = '[[0,{"ok":1}]]';
    const second = '{"ok":2}';
    const { call, write, read } = guest(
      {
        asks: asks(true),
        batches: [
          { at: 2000, bytes: first.length, asks: [0], blocking: false },
          { at: 3000, bytes: second.length, asks: [1], blocking: true },
        ],
      },
      first,
      second,
    );
    call('http', 'ask', ...write(ask));
    const length = call('http', 'ask_blocking', ...write(other));
    expect(length).toBe(second.length);
    call('io', 'batch_read', 0);
    expect(read(second.length)).toBe(second);
    expect(call('io', 'now')).toBeCloseTo(3000, 2);
    expect(call('io', 'batch_length')).toBe(first.length);
    call('io', 'batch_read', 0);
    expect(read(first.length)).toBe(first);
    expect(call('io', 'batch_length')).toBe(-1);
    // The clock never goes back.
    expect(call('io', 'now')).toBeGreaterThan(3000);
  });

  it('finds an answer to something that was not asked', () => {
    const batch = '[[0,{"ok":1}]]';
    const { run, call } = guest(
      { asks: asks(false), batches: [{ at: 2000, bytes: batch.length, asks: [0], blocking: false }] },
      batch,
    );
    expect(() => call('io', 'batch_read', 0)).toThrow(RunEnded);
    expect(run.result({ code: 0 }, usage).header.failure).toMatchObject({
      code: 'NON_DETERMINISTIC',
      ask: { number: 0, got: 'nothing' },
    });
  });

  it('finds another kind and another way of asking', () => {
    const { run, call, write } = guest({ asks: asks(false) });
    expect(() => call('store', 'ask', ...write(ask))).toThrow(RunEnded);
    expect(run.result({ code: 0 }, usage).header.failure).toMatchObject({
      code: 'NON_DETERMINISTIC',
      ask: { number: 0, kind: 'http' },
    });
    const blocking = guest({ asks: asks(false) });
    expect(() => blocking.call('http', 'ask_blocking', ...blocking.write(ask))).toThrow(RunEnded);
    expect(blocking.run.result({ code: 0 }, usage).header.failure).toMatchObject({ code: 'NON_DETERMINISTIC' });
  });
});

it('the clock moves by a microsecond a read, and the seed is the call’s', () => {
  const { call, read } = guest();
  const [a = 0, b = 0] = [call('io', 'now'), call('io', 'now')];
  expect(b - a).toBeCloseTo(0.001, 3);
  expect(b).toBeGreaterThan(a);
  call('io', 'seed_read', 0);
  expect(read(32)).toBe('\u0007'.repeat(32));
});

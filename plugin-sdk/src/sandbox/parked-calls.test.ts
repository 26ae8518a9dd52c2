import { afterEach, describe, expect, it } from 'vitest';
import type { Journal } from '../contract/journal.ts';
import type { RunResult } from '../contract/run.ts';
import { createSandbox, type ProcessSandbox } from './create-sandbox.ts';
import { emptyJournal, loaderOf, runOf, textModule } from './test-modules.ts';

/**
 * Asks once, and answers with how it came to go on: "replayed" by the export itself, "resumed" in the kept instance.
 * A plugin would give the same both ways; this one tells what the sandbox did.
 */
const teller = textModule(
  `(func $ask_once (drop (call $ask (i32.const 32) (i32.const 2))))
   (func $take (param $text i32) (result i32)
     (if (i32.ge_s (call $batch_length) (i32.const 0)) (then
       (call $batch_read (i32.const 1024))
       (call $output_write (local.get $text) (i32.const 8))))
     (i32.const 0))
   (func (export "ingest") (result i32) (call $ask_once) (call $take (i32.const 0)))
   (func (export "patchbay_resume") (result i32) (call $take (i32.const 8)))
   (data (i32.const 0) "replayedresumed!") (data (i32.const 32) "{}")`,
  { memory: '2' },
);

const opened: ProcessSandbox[] = [];
function open(): ProcessSandbox {
  const sandbox = createSandbox({ loadModule: loaderOf(teller), processes: 1 });
  opened.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

async function ask(sandbox: ProcessSandbox, call?: string): Promise<Journal> {
  const request = runOf(teller, '{}', call === undefined ? {} : { call });
  const result = await sandbox.run(request);
  if (result.status !== 'open') throw new Error(JSON.stringify(result));
  const asks = result.asks.map(({ kind, digest, blocking }) => ({ kind, digest, blocking }));
  return { ...emptyJournal, asks, batches: [{ at: emptyJournal.startedAt + 1, answers: [[0, { ok: null }]] }] };
}
function goOn(sandbox: ProcessSandbox, journal: Journal, call?: string): Promise<RunResult> {
  return sandbox.run(runOf(teller, '{}', call === undefined ? { journal } : { call, journal }));
}

describe('a call that waits for answers', () => {
  it('goes on in its instance when it has a name, and is replayed when it has none', async () => {
    const sandbox = open();
    const journal = await ask(sandbox, 'call-1');
    expect(await goOn(sandbox, journal, 'call-1')).toMatchObject({ status: 'done', output: 'resumed!', asks: [] });
    const other = await ask(sandbox);
    expect(other).toEqual(journal);
    expect(await goOn(sandbox, other)).toMatchObject({ status: 'done', output: 'replayed', asks: [] });
  });

  it('stays itself while others wait and run in the same process', async () => {
    const sandbox = open();
    const names = Array.from({ length: 20 }, (_, i) => `call-${i}`);
    const journals = await Promise.all(names.map((name) => ask(sandbox, name)));
    const results = await Promise.all(
      names.map((name, i) => goOn(sandbox, journals[i] ?? emptyJournal, name)).toReversed(),
    );
    expect(results.map((result) => result.status === 'done' && result.output)).toEqual(names.map(() => 'resumed!'));
  });

  it('is replayed when it was dropped for others, the oldest first', async () => {
    const sandbox = open();
    const names = Array.from({ length: 40 }, (_, i) => `call-${i}`);
    const journals: Journal[] = [];
    for (const name of names) journals.push(await ask(sandbox, name));
    const outputs: unknown[] = [];
    for (const [i, name] of names.entries()) {
      const result = await goOn(sandbox, journals[i] ?? emptyJournal, name);
      outputs.push(result.status === 'done' && result.output);
    }
    expect(outputs).toEqual([...names.slice(0, 8).map(() => 'replayed'), ...names.slice(8).map(() => 'resumed!')]);
  });

  it('is replayed when its process is gone', async () => {
    const sandbox = open();
    const journal = await ask(sandbox, 'call-1');
    for (const pid of sandbox.pids()) process.kill(pid, 'SIGKILL');
    expect(await goOn(sandbox, journal, 'call-1')).toMatchObject({ status: 'done', output: 'replayed' });
  });

  it('has a journal of no more bytes than one that is replayed', async () => {
    const sandbox = open();
    const text = 'x'.repeat(3 * 1024 * 1024);
    for (const call of ['call-1', undefined]) {
      const journal = await ask(sandbox, call);
      const huge = {
        at: 1,
        answers: journal.batches[0]?.answers.map(([n]): [number, { ok: unknown }] => [n, { ok: text }]),
      };
      const batches = [huge, huge] as Journal['batches'];
      expect(await goOn(sandbox, { ...journal, batches }, call)).toMatchObject({ code: 'JOURNAL_TOO_LARGE' });
    }
  });
});

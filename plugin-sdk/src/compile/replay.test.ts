import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskAnswer, JournalBatch } from '../contract/journal.ts';
import { compilePlugin } from './compile-plugin.ts';
import { allPermissions, testManifest } from './testing/compile-text.ts';
import { interpret, sayingOf, type Program } from './testing/fixtures/program/src/interpret.ts';
import { START, TestPlugin, type TestAsk, type TestJournal } from './testing/run-in-process.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), 'testing', 'fixtures', 'program');
let plugin: TestPlugin;

beforeAll(async () => {
  const manifest = testManifest({ provides: ['deliver'], permissions: allPermissions });
  const outcome = await compilePlugin({ entry: join(root, 'src/index.ts'), root, manifest });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  plugin = new TestPlugin(outcome.wasm);
});

const { program: anyProgram } = fc.letrec<{ program: Program }>((tie) => ({
  program: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'program' },
    fc.record({ kind: fc.constant('ask' as const), name: fc.constantFrom('a', 'b', 'c', 'd') }),
    fc.record({ kind: fc.constant('ticks' as const), count: fc.nat(4) }),
    fc.record({
      kind: fc.constantFrom('sequence', 'all', 'race', 'any', 'allSettled' as const),
      parts: fc.array(tie('program'), { maxLength: 4, depthIdentifier: 'program' }),
    }),
    fc.record({ kind: fc.constant('catch' as const), part: tie('program') }),
  ),
}));

/** What the world does: how many open asks are answered at once, which, how, and where the host crashes. */
const anyWorld = fc.infiniteStream(fc.nat(997));

interface World {
  next(below: number): number;
}

function worldOf(stream: Iterator<number>): World {
  return { next: (below) => (stream.next().value as number) % below };
}

/** A batch of some of the open asks in any order; undefined when none is open. */
function drawBatch(
  asks: readonly TestAsk[],
  answered: Set<number>,
  world: World,
  at: number,
): JournalBatch | undefined {
  const open = asks.map((_, number) => number).filter((number) => !answered.has(number));
  if (open.length === 0) return undefined;
  const answers: JournalBatch['answers'] = [];
  const size = 1 + world.next(open.length);
  while (answers.length < size) {
    const [number] = open.splice(world.next(open.length), 1) as [number];
    answered.add(number);
    const failed = world.next(5) === 0;
    const answer: AskAnswer = failed
      ? { error: { code: 'EGRESS_FAILED', message: `no ${number}` } }
      : { ok: { status: 200, headers: {}, body: { text: `#${number}` } } };
    answers.push([number, answer]);
  }
  return { at, answers };
}

/** The host's loop: run, answer some asks, run again from the start, until there is an output. */
function replayed(program: Program, world: World) {
  const journal: TestJournal = { asks: [], batches: [] };
  const answered = new Set<number>();
  for (;;) {
    const run = plugin.run('deliver', { program }, journal);
    // A run that crashed before it was recorded is run again and must ask for the same.
    if (world.next(3) === 0) expect(plugin.run('deliver', { program }, journal)).toEqual(run);
    journal.asks = run.asks;
    if (run.output !== undefined || run.error !== undefined) return { run, journal };
    const batch = drawBatch(run.asks, answered, world, START + 1000 * (journal.batches.length + 1));
    if (batch === undefined) return { run, journal };
    journal.batches.push(batch);
  }
}

/** The same with one instance that waits for its answers. */
function parked(program: Program, world: World) {
  const answered = new Set<number>();
  const journal: TestJournal = {
    asks: [],
    batches: [],
    more: (asks) => {
      const batch = drawBatch(asks, answered, world, START + 1000 * (journal.batches.length + 1));
      if (batch !== undefined) journal.batches.push(batch);
    },
  };
  const run = plugin.run('deliver', { program }, journal);
  return { run, journal: { asks: run.asks, batches: journal.batches } };
}

/** The program in Node, with the answers of the journal in its order and the event loop's turn after each. */
async function inNode(program: Program, journal: TestJournal) {
  const waiting: ((answer: AskAnswer) => void)[] = [];
  const trace: string[] = [];
  const fetch = () =>
    new Promise<{ text: () => Promise<string> }>((resolve, reject) =>
      waiting.push((answer) => {
        if ('error' in answer) reject(new Error(answer.error.message));
        else resolve({ text: async () => (answer.ok as { body: { text: string } }).body.text });
      }),
    );
  const ask = async () => {
    const response = await fetch();
    return response.text();
  };
  let result: string | undefined;
  void interpret(program, ask, trace)
    .catch((error: unknown) => `failed ${sayingOf(error)}`)
    .then((value) => (result = value));
  await turn();
  for (const [number, answer] of journal.batches.flatMap(({ answers }) => answers)) {
    if (result !== undefined) break;
    waiting[number]?.(answer);
    await turn();
  }
  return { result, trace };
}

describe('a call in batches', () => {
  it('replays to the same asks and the same output, and goes as it does in Node', async () => {
    await fc.assert(
      fc.asyncProperty(anyProgram, anyWorld, async (program, stream) => {
        const { run, journal } = replayed(program, worldOf(stream[Symbol.iterator]()));
        expect(run.error).toBeUndefined();
        expect(plugin.run('deliver', { program }, journal)).toEqual(run);
        const expected = await inNode(program, journal);
        expect(run.output).toMatchObject({ result: expected.result, trace: expected.trace });
      }),
      { numRuns: 300 },
    );
  });

  it('gives parked what it gives replayed', () => {
    fc.assert(
      fc.property(anyProgram, anyWorld, (program, stream) => {
        const { run, journal } = parked(program, worldOf(stream[Symbol.iterator]()));
        expect(plugin.run('deliver', { program }, journal)).toEqual(run);
      }),
      { numRuns: 300 },
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilePlugin } from '../compile/compile-plugin.ts';
import type { AskAnswer, Journal } from '../contract/journal.ts';
import { manifestSchema } from '../contract/manifest.ts';
import type { NewAsk, RunResult } from '../contract/run.ts';
import { createSandbox, type ProcessSandbox } from '../sandbox/create-sandbox.ts';

/** A program that the plugin below runs: every way in which promises are put together. */
type Program =
  | { kind: 'ask' | 'fails' | 'block'; name: string }
  | { kind: 'all' | 'settled' | 'race' | 'any' | 'sequence' | 'detached'; of: Program[] }
  | { kind: 'then'; first: Program; name: string }
  | { kind: 'catch'; of: Program }
  | { kind: 'timeout'; of: Program; ms: number }
  | { kind: 'chance' | 'time' };

const PLUGIN = `
const url = (name) => 'https://api.example.com/' + name;
async function ask(name) {
  const response = await fetch(url(name));
  return await response.text();
}
async function run(program) {
  switch (program.kind) {
    case 'ask': return await ask(program.name);
    case 'fails': return await ask('fails-' + program.name);
    case 'block': return Http.request({ url: url(program.name), method: 'GET' }, '').body;
    case 'all': return '[' + (await Promise.all(program.of.map(run))).join() + ']';
    case 'settled': return '{' + (await Promise.allSettled(program.of.map(run))).map((r) => r.status + (r.value ?? '')).join() + '}';
    case 'race': return program.of.length === 0 ? 'none' : await Promise.race(program.of.map(run));
    case 'any': return program.of.length === 0 ? 'none' : await Promise.any(program.of.map(run));
    case 'sequence': { const all = []; for (const one of program.of) all.push(await run(one)); return '(' + all.join() + ')'; }
    case 'detached': { for (const one of program.of) run(one).catch(() => {}); return 'detached'; }
    case 'then': { const first = await run(program.first); return await ask(program.name + '?' + encodeURIComponent(first)); }
    case 'catch': try { return await run(program.of); } catch (error) { return 'caught'; }
    case 'timeout': return await Promise.race([run(program.of), new Promise((resolve) => setTimeout(() => resolve('late'), program.ms))]);
    case 'chance': return await ask('chance-' + Math.random());
    case 'time': return await ask('time-' + Date.now());
  }
}
export default {
  async deliver(input) {
    return { said: await run(input.program), at: Date.now(), chance: Math.random() };
  },
};
`;

const names = fc.constantFrom('a', 'b', 'c', 'd');
const program = fc.letrec<{ program: Program }>((tie) => ({
  program: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('ask', 'ask', 'ask', 'fails', 'block'), name: names }),
    fc.record({ kind: fc.constantFrom('chance', 'time') }),
    fc.record({
      kind: fc.constantFrom('all', 'settled', 'race', 'any', 'sequence', 'detached'),
      of: fc.array(tie('program'), { maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('then'), first: tie('program'), name: names }),
    fc.record({ kind: fc.constant('catch'), of: tie('program') }),
    fc.record({ kind: fc.constant('timeout'), of: tie('program'), ms: fc.constantFrom(0, 5, 1000) }),
  ) as fc.Arbitrary<Program>,
})).program;

/** Which open asks are answered next and in what order: drawn numbers, used up one by one and begun again. */
type Arrivals = number[];

function pickBatch(open: readonly number[], arrivals: Arrivals, round: number): number[] {
  const draw = (i: number): number => arrivals[(round * 7 + i) % arrivals.length] ?? 0;
  const chosen = open.filter((_, i) => draw(i) % 2 === 0);
  const batch = chosen.length > 0 ? chosen : [open[draw(3) % open.length] ?? 0];
  return batch
    .map((ask, i) => ({ ask, key: draw(i + 3) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ ask }) => ask);
}

function answerOf(ask: Pick<NewAsk, 'kind' | 'request'>): AskAnswer {
  if (ask.kind === 'schedule') return { ok: null };
  const { url } = JSON.parse(ask.request) as { url: string };
  if (url.includes('fails-')) return { error: { code: 'EGRESS_TIMEOUT', message: 'no answer' } };
  return { ok: { status: 200, headers: {}, body: { text: url.slice(url.lastIndexOf('/') + 1) } } };
}

describe('replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-replay-'));
  let sandbox: ProcessSandbox;
  let sha256: string;

  beforeAll(async () => {
    mkdirSync(join(folder, 'src'));
    const manifest = manifestSchema.parse({
      id: 'test/replay',
      version: '1.0.0',
      hostApi: '^1.0.0',
      name: 'Replay',
      summary: 'Runs programs of promises',
      licence: 'Apache-2.0',
      categories: ['generic'],
      provides: ['deliver'],
      permissions: {
        http: [{ host: 'api.example.com', methods: ['GET'] }],
        schedule: { maxDelaySeconds: 60 },
      },
    });
    writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'src', 'index.js'), PLUGIN);
    const compiled = await compilePlugin({ entry: join(folder, 'src', 'index.js'), manifest, root: folder });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
    sha256 = compiled.sha256;
    sandbox = createSandbox({ loadModule: () => Promise.resolve(compiled.wasm) });
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  const run = (of: Program, journal: Journal, call?: string): Promise<RunResult> =>
    sandbox.run({
      module: sha256,
      export: 'deliver',
      grants: ['http', 'schedule'],
      input: JSON.stringify({ program: of }),
      journal,
      group: 'grp',
      installation: 'ins',
      ...(call !== undefined && { call }),
    });

  interface Driven {
    end: RunResult;
    journal: Journal;
    /** How many asks the journal had when batch i was added. */
    asksBefore: number[];
  }

  /** Goes on from a journal to the end of the call, with answers arriving as drawn. */
  async function drive(
    of: Program,
    arrivals: Arrivals,
    from: Journal,
    answers: Map<number, AskAnswer>,
    call?: string,
  ): Promise<Driven> {
    const journal = structuredClone(from);
    const asksBefore = journal.batches.map(() => journal.asks.length);
    for (let round = 0; ; round++) {
      const end = await run(of, journal, call);
      if (end.status !== 'open') return { end, journal, asksBefore };
      for (const ask of end.asks) {
        expect(ask.number).toBe(journal.asks.length);
        journal.asks.push({ kind: ask.kind, digest: ask.digest, blocking: ask.blocking });
        answers.set(ask.number, answerOf(ask));
      }
      const batch = pickBatch(end.waitingFor, arrivals, round);
      asksBefore.push(journal.asks.length);
      journal.batches.push({
        at: journal.startedAt + 10 * (round + 1),
        answers: batch.map((ask) => [ask, answers.get(ask) ?? { ok: null }]),
      });
    }
  }

  const start: Journal = { seed: '2a'.repeat(32), startedAt: 1_764_000_000_000, asks: [], batches: [] };
  const arrivals = fc.array(fc.nat(1000), { minLength: 3, maxLength: 30 });

  it('gives the same end for every program, order of arrival and crash', { timeout: 180_000 }, async () => {
    let asked = 0;
    let calls = 0;
    const property = fc.asyncProperty(program, arrivals, fc.nat(), async (of, order, cut) => {
      const answers = new Map<number, AskAnswer>();
      const { end, journal, asksBefore } = await drive(of, order, start, answers);
      asked += journal.asks.length;
      expect(endOf(end)).not.toMatch(/NON_DETERMINISTIC|STALLED|TRAP|TIMEOUT|SANDBOX/);

      // The whole call again.
      const again = await run(of, journal);
      expect(endOf(again)).toBe(endOf(end));
      if (again.status === 'done' && end.status === 'done') expect(again.asks).toEqual(end.asks);

      // The same in an instance that is kept between the runs.
      const kept = await drive(of, order, start, new Map(), `call-${++calls}`);
      expect(kept.journal).toEqual(journal);
      expect({ ...kept.end, usage: null }).toEqual({ ...end, usage: null });

      // A crash lost everything after some batch: what follows is asked again as before, and the same answers end it.
      if (journal.batches.length === 0) return;
      const left = cut % journal.batches.length;
      const short = {
        ...journal,
        asks: journal.asks.slice(0, asksBefore[left]),
        batches: journal.batches.slice(0, left),
      };
      const call = `call-${++calls}`;
      const resumed = await run(of, short, call);
      expect(resumed).toMatchObject({ status: 'open', asks: [] });
      const longer = { ...short, batches: journal.batches.slice(0, left + 1) };
      expect({ ...(await run(of, longer, call)), usage: null }).toEqual({ ...(await run(of, longer)), usage: null });
      const next = await run(of, longer);
      if (next.status === 'open') {
        const recorded = journal.asks.slice(short.asks.length, asksBefore[left + 1]);
        expect(next.asks.map(({ kind, digest, blocking }) => ({ kind, digest, blocking }))).toEqual(recorded);
      } else expect(endOf(next)).toBe(endOf(end));

      // From there on the rest may arrive in another order.
      const other = await drive(of, order.toReversed(), short, answers);
      expect(endOf(other.end)).not.toMatch(/NON_DETERMINISTIC|STALLED|TRAP|TIMEOUT|SANDBOX/);
      expect(endOf(await run(of, other.journal))).toBe(endOf(other.end));
    });
    await fc.assert(property, { numRuns: 150 });
    expect(asked).toBeGreaterThan(150);
  });

  it('says which ask differs when the plugin is another than the one that asked', async () => {
    const { journal } = await drive({ kind: 'sequence', of: [ask('a'), ask('b')] }, [0], start, new Map());
    expect(await run({ kind: 'sequence', of: [ask('a'), ask('c')] }, journal)).toMatchObject({
      status: 'failed',
      code: 'NON_DETERMINISTIC',
      ask: { number: 1, kind: 'http', expected: `http ${journal.asks[1]?.digest}` },
    });
    expect(await run({ kind: 'all', of: [] }, journal)).toMatchObject({ status: 'done' });
  });

  it('keeps the clock still within a batch and moves it with each', async () => {
    const { end, journal } = await drive({ kind: 'sequence', of: [ask('a'), ask('b')] }, [0], start, new Map());
    expect(journal.batches).toHaveLength(2);
    expect(end.status === 'done' && JSON.parse(end.output)).toMatchObject({ at: start.startedAt + 20 });
  });
});

function ask(name: string): Program {
  return { kind: 'ask', name };
}

/** The output, or the code of the failure with what the plugin threw. */
function endOf(result: RunResult): string {
  if (result.status === 'done') return result.output;
  return result.status === 'open' ? 'open' : `${result.code} ${result.message}`;
}

import type { Journal } from '@patchbay/plugin-sdk/contract/journal';
import type { RunRequest, RunResult } from '@patchbay/plugin-sdk/contract/run';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { compileText } from './compile-text.ts';
import { quantile } from './spread.ts';

/** What 50 requests one after the other, each answered with 10 KB, cost a connector: CPU time in milliseconds. */
export interface KeptCall {
  /** All of it in one run, from a journal that has all answers. */
  oneRunMs: number;
  /** As it happens, in an instance that is kept while answers are awaited. */
  keptMs: number;
  /** As it happens where nothing is kept: 51 runs, each from the start. */
  replayedMs: number;
}

const REQUESTS = 50;
const ANSWER = JSON.stringify({
  fields: 'x'.repeat(200),
  items: Array.from({ length: 100 }, (_, i) => `item ${i} ${'y'.repeat(80)}`),
});
const TIMES = 5;

const SOURCE = `export default {
  async deliver() {
    let items = 0;
    for (let i = 0; i < ${REQUESTS}; i++) {
      const response = await fetch('https://api.example.com/' + i);
      items += (await response.json()).items.length;
    }
    return { abi: 1, result: { outcome: 'delivered', note: String(items) } };
  },
};`;

export async function measureKeptCall(): Promise<KeptCall> {
  const http = [{ host: 'api.example.com', methods: ['GET'] }];
  const { sha256, wasm } = await compileText(SOURCE, { provides: ['deliver'], permissions: { http } });
  const sandbox = createSandbox({ loadModule: () => Promise.resolve(wasm), processes: 1 });
  const request: Omit<RunRequest, 'journal'> = {
    module: sha256,
    export: 'deliver',
    grants: ['http'],
    input: '{}',
    group: 'grp_bench',
    installation: 'ins_bench',
  };
  const run = async (journal: Journal, call?: string): Promise<RunResult> => {
    const result = await sandbox.run({ ...request, journal, ...(call !== undefined && { call }) });
    if (result.status === 'failed') throw new Error(JSON.stringify(result));
    return result;
  };
  const carryOut = async (call?: string): Promise<{ journal: Journal; millis: number }> => {
    const journal: Journal = { seed: '00'.repeat(32), startedAt: 0, asks: [], batches: [] };
    for (let micros = 0; ;) {
      const result = await run(journal, call);
      micros += result.usage.cpuMicros;
      if (result.status !== 'open') return { journal, millis: micros / 1000 };
      for (const { number, kind, digest, blocking } of result.asks) {
        journal.asks.push({ kind, digest, blocking });
        const answer = { ok: { status: 200, headers: { 'content-type': 'application/json' }, body: { text: ANSWER } } };
        journal.batches.push({ at: number + 1, answers: [[number, answer]] });
      }
    }
  };
  try {
    const found: KeptCall[] = [];
    for (let time = 0; time <= TIMES; time++) {
      const kept = await carryOut(`call-${time}`);
      const whole = await run(kept.journal);
      const replayed = await carryOut();
      // The first warms up.
      if (time > 0)
        found.push({ oneRunMs: whole.usage.cpuMicros / 1000, keptMs: kept.millis, replayedMs: replayed.millis });
    }
    const median = (of: keyof KeptCall): number =>
      quantile(
        found.map((each) => each[of]),
        0.5,
      );
    return { oneRunMs: median('oneRunMs'), keptMs: median('keptMs'), replayedMs: median('replayedMs') };
  } finally {
    await sandbox.close();
  }
}

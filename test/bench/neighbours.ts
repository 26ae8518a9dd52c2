import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRequest } from '@patchbay/plugin-sdk/contract/run';
import { createSandbox, type ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { compileText } from './compile-text.ts';
import { quantile } from './spread.ts';

/** What one installation notices of others, in a sandbox as the host sets it up: p99 of its calls in milliseconds. */
export interface Neighbours {
  aloneP99: number;
  /** While another installation loops on every input, until its version is in quarantine. */
  besideLoopP99: number;
  /** While six others use all the CPU time that a run may take, again and again. */
  besideGreedyP99: number;
  /** From the start of an endless loop to its end, over its deadline. */
  loopEndsAfter: number;
}

const CALLS = 1000;
const EVERY_MS = 5;
const LOOP_CPU_MS = 200;
const GREEDY = 6;

const quick = `export default { ingest: ({ request }) => ({ abi: 1, result: { outcome: 'ignored', reason: request.id } }) };`;
const loop = `export default { ingest() { for (;;); } };`;
// Stays below the limit of a run on any machine, by the clock of the call it could not: that one stands still.
const greedy = `export default { ingest() {
  let sum = 0;
  for (let i = 0; i < 2e6; i++) sum += i % 7;
  return { abi: 1, result: { outcome: 'ignored', reason: String(sum) } };
} };`;

export async function measureNeighbours(): Promise<Neighbours> {
  const quickModule = await compileText(quick);
  const loopModule = await compileText(loop);
  const greedyModule = await compileText(greedy);
  const modules = new Map([quickModule, loopModule, greedyModule].map(({ sha256, wasm }) => [sha256, wasm]));
  const sandbox = createSandbox({
    loadModule: (sha256) => Promise.resolve(modules.get(sha256) ?? new Uint8Array()),
    processes: 2,
    slowProcesses: 1,
    proven: [quickModule.sha256, greedyModule.sha256],
  });
  try {
    await p99Of(sandbox, quickModule.sha256);
    const aloneP99 = await p99Of(sandbox, quickModule.sha256);
    const besideLoopP99 = await beside(sandbox, [loopModule.sha256], () => p99Of(sandbox, quickModule.sha256));
    const greedyModules = Array.from({ length: GREEDY }, () => greedyModule.sha256);
    const besideGreedyP99 = await beside(sandbox, greedyModules, () => p99Of(sandbox, quickModule.sha256));
    return { aloneP99, besideLoopP99, besideGreedyP99, loopEndsAfter: await loopEnd(loopModule.sha256, modules) };
  } finally {
    await sandbox.close();
  }
}

async function p99Of(sandbox: ProcessSandbox, module: string): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const startedAt = performance.now();
    const result = await sandbox.run(requestOf(module, 'quiet'));
    times.push(performance.now() - startedAt);
    if (result.status !== 'done') throw new Error(JSON.stringify(result));
    await sleep(EVERY_MS);
  }
  return quantile(times, 0.99);
}

/** Each module is run by an installation of its own, its next run as soon as the last one has ended. */
async function beside<T>(sandbox: ProcessSandbox, modules: readonly string[], act: () => Promise<T>): Promise<T> {
  let going = true;
  const others = modules.map(async (module, index) => {
    while (going) {
      const { usage } = await sandbox.run(requestOf(module, `other-${index}`));
      // A version in quarantine is refused at once.
      if (usage.cpuMicros === 0) await sleep(EVERY_MS);
    }
  });
  try {
    return await act();
  } finally {
    going = false;
    await Promise.all(others);
  }
}

async function loopEnd(module: string, modules: ReadonlyMap<string, Uint8Array>): Promise<number> {
  const sandbox = createSandbox({
    loadModule: (sha256) => Promise.resolve(modules.get(sha256) ?? new Uint8Array()),
    processes: 1,
  });
  await sandbox.warm([module]);
  const startedAt = performance.now();
  await sandbox.run(requestOf(module, 'loop'));
  const took = performance.now() - startedAt;
  await sandbox.close();
  return took / LOOP_CPU_MS;
}

let requests = 0;

function requestOf(module: string, name: string): RunRequest {
  requests += 1;
  return {
    module,
    export: 'ingest',
    grants: [],
    input: JSON.stringify({ abi: 1, request: { id: `req_${requests}` }, configuration: {} }),
    journal: { seed: '00'.repeat(32), startedAt: 0, asks: [], batches: [] },
    group: `grp_${name}`,
    installation: `ins_${name}`,
    limits: { runCpuMs: LOOP_CPU_MS },
  };
}

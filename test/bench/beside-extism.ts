import { createPlugin } from '@extism/extism';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { compileAssemblyScript } from '@patchbay/plugin-sdk/sandbox/foreign/compile-foreign';
import { assemblyScriptPlugin } from '@patchbay/plugin-sdk/sandbox/foreign/sources';
import { quantile } from './spread.ts';

/** The same module, written in AssemblyScript for the Extism PDK, here and under the Extism SDK's `runInWorker`. */
export interface BesideExtism {
  oursP50: number;
  oursPerSecond: number;
  theirsP50: number;
  theirsPerSecond: number;
}

const WARM_UP = 200;
const input = JSON.stringify({ abi: 1, request: { body: { text: '{"summary":"Disk full"}' } }, configuration: {} });

export async function measureBesideExtism(calls: number): Promise<BesideExtism> {
  const { wasm, sha256 } = await compileAssemblyScript(assemblyScriptPlugin);
  const sandbox = createSandbox({ loadModule: () => Promise.resolve(wasm), processes: 1 });
  const worker = await createPlugin({ wasm: [{ data: wasm }] }, { runInWorker: true });
  const ours = async (): Promise<void> => {
    const result = await sandbox.run({
      module: sha256,
      export: 'ingest',
      grants: ['http', 'store'],
      input,
      journal: { seed: '00'.repeat(32), startedAt: 0, asks: [], batches: [] },
      group: 'grp_bench',
      installation: 'ins_bench',
    });
    if (result.status !== 'done') throw new Error(JSON.stringify(result));
  };
  // It takes one call at a time, and keeps its state from one to the next.
  const theirs = async (): Promise<void> => {
    const output = await worker.call('ingest', input);
    if (output?.text().includes('events') !== true) throw new Error('The worker gave no events');
  };
  try {
    const [oursOne, theirsOne] = [await oneByOne(ours, calls), await oneByOne(theirs, calls)];
    return {
      oursP50: quantile(oursOne, 0.5),
      oursPerSecond: await manyAtOnce(ours, 10 * calls),
      theirsP50: quantile(theirsOne, 0.5),
      theirsPerSecond: (calls / theirsOne.reduce((sum, time) => sum + time, 0)) * 1000,
    };
  } finally {
    await sandbox.close();
    await worker.close();
  }
}

async function oneByOne(call: () => Promise<void>, calls: number): Promise<number[]> {
  for (let time = 0; time < WARM_UP; time++) await call();
  const times: number[] = [];
  for (let time = 0; time < calls; time++) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function manyAtOnce(call: () => Promise<void>, calls: number): Promise<number> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 50 }, caller));
  return (calls / (performance.now() - startedAt)) * 1000;
}

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePlugin } from '@patchbay/plugin-sdk/compile/compile-plugin';
import type { IngestInput } from '@patchbay/plugin-sdk/contract/envelopes';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import type { RunRequest, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { alertBody } from './alert-body.ts';
import { measureBesideExtism, type BesideExtism } from './beside-extism.ts';
import { inProcessSandbox, loadInProcess } from './in-process-plugin.ts';
import { measureKeptCall, type KeptCall } from './kept-call.ts';
import { measureNeighbours, type Neighbours } from './neighbours.ts';
import { measureThousandPlugins } from './thousand-plugins.ts';
import { digestOf, variantOf } from './module-variants.ts';
import { startRole, tell } from './role-process.ts';
import { quantile } from './spread.ts';

/** Milliseconds of one call of the plugin, measured from outside of the sandbox. */
export interface PluginCalls {
  warmP50: number;
  warmP99: number;
  /** The first call: a process is started, the module checked and loaded. */
  cold: number;
  inProcessP50: number;
  /** The first call of a plugin that the sandbox has never seen, of an engine that it runs already. */
  neverSeenP50: number;
  /** A call of a plugin that its process had to let go, and that the sandbox still holds. */
  cachedP50: number;
  /** Calls a second when 50 are under way at any time, with one process. */
  perSecondOne: number;
  /** The same with two processes. */
  perSecond: number;
  kept: KeptCall;
  /** What a thousand plugins take, MiB. */
  thousandMebibytes: number;
  neighbours: Neighbours;
  extism: BesideExtism;
}

export interface PluginCallsOptions {
  pluginFolder: string;
  calls: number;
}

const WARM_UP = 300;
const AT_ONCE = 50;
/** More than a process holds at a time. */
const NEVER_SEEN = 120;

export async function measurePluginCalls(options: PluginCallsOptions): Promise<PluginCalls> {
  const role = startRole('plugin-calls', options);
  try {
    return (await role.next()) as PluginCalls;
  } finally {
    await role.stop();
  }
}

export async function pluginCallsRole({ pluginFolder, calls }: PluginCallsOptions): Promise<void> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(pluginFolder, 'plugin.json'), 'utf8')));
  const compiled = await compilePlugin({ entry: join(pluginFolder, 'src/index.ts'), manifest });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  const variants = Array.from({ length: NEVER_SEEN }, (_, number) => variantOf(compiled.wasm, number));
  const modules = new Map(variants.map((bytes) => [digestOf(bytes), bytes]));
  const [sha256 = ''] = modules.keys();
  const loadModule = (name: string): Promise<Uint8Array> => Promise.resolve(modules.get(name) ?? new Uint8Array());
  const sandbox = createSandbox({ loadModule, processes: 1 });
  const inProcess = inProcessSandbox(await loadInProcess(pluginFolder));
  const cold = await timed(sandbox, sha256);
  const warm = await oneByOne(sandbox, sha256, calls);
  const bare = await oneByOne(inProcess, sha256, calls);
  const perSecondOne = await manyAtOnce(sandbox, sha256, 20 * calls);
  const neverSeen = await eachOnce(sandbox, [...modules.keys()].slice(1));
  // The first of them are those that the process has let go of meanwhile.
  const cached = await eachOnce(sandbox, [...modules.keys()].slice(1, 40));
  await sandbox.close();
  const two = createSandbox({ loadModule, processes: 2 });
  const perSecond = await manyAtOnce(two, sha256, 20 * calls);
  await two.close();
  const kept = await measureKeptCall();
  const thousandMebibytes = await measureThousandPlugins(compiled.wasm, requestFor);
  const neighbours = await measureNeighbours();
  const extism = await measureBesideExtism(calls);
  tell({
    kept,
    thousandMebibytes,
    neighbours,
    extism,
    warmP50: quantile(warm, 0.5),
    warmP99: quantile(warm, 0.99),
    cold,
    inProcessP50: quantile(bare, 0.5),
    neverSeenP50: quantile(neverSeen, 0.5),
    cachedP50: quantile(cached, 0.5),
    perSecondOne,
    perSecond,
  } satisfies PluginCalls);
}

/** Milliseconds of one call of each. */
async function eachOnce(sandbox: Sandbox, modules: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const module of modules) times.push(await timed(sandbox, module));
  return times;
}

async function oneByOne(sandbox: Sandbox, module: string, calls: number): Promise<number[]> {
  for (let i = 0; i < WARM_UP; i++) await timed(sandbox, module);
  const times: number[] = [];
  for (let i = 0; i < calls; i++) times.push(await timed(sandbox, module));
  return times;
}

async function manyAtOnce(sandbox: Sandbox, module: string, calls: number): Promise<number> {
  const startedAt = performance.now();
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await timed(sandbox, module);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  return (calls / (performance.now() - startedAt)) * 1000;
}

async function timed(sandbox: Sandbox, module: string): Promise<number> {
  const request = requestFor(module);
  const startedAt = performance.now();
  const result = await sandbox.run(request);
  const took = performance.now() - startedAt;
  if (result.status !== 'done' || !result.output.includes('"events"'))
    throw new Error(`The plugin gave ${JSON.stringify(result)}`);
  return took;
}

let count = 0;

function requestFor(module: string): RunRequest {
  count += 1;
  const input: IngestInput = {
    abi: 1,
    request: {
      id: `req_${count}`,
      receivedAt: '2026-03-01T10:00:00.000Z',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Alertmanager/0.28.0' },
      query: {},
      contentType: 'application/json',
      body: { text: alertBody(`bench-${count}`) },
    },
    configuration: {},
  };
  return {
    module,
    export: 'ingest',
    grants: [],
    input: JSON.stringify(input),
    journal: { seed: randomBytes(32).toString('hex'), startedAt: Date.now(), asks: [], batches: [] },
    group: 'grp_bench',
    installation: 'ins_bench',
  };
}

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePlugin } from '@patchbay/plugin-sdk/compile/compile-plugin';
import type { IngestInput } from '@patchbay/plugin-sdk/contract/envelopes';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import type { RunRequest, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { alertBody } from './alert-body.ts';
import { inProcessSandbox, loadInProcess } from './in-process-plugin.ts';
import { startRole, tell } from './role-process.ts';
import { quantile } from './spread.ts';

/** Milliseconds of one call of the plugin, measured from outside of the sandbox. */
export interface PluginCalls {
  warmP50: number;
  warmP99: number;
  /** The first call: a process is started, the module checked and loaded. */
  cold: number;
  inProcessP50: number;
  /** Calls a second when 50 are under way at any time, with two processes. */
  perSecond: number;
}

export interface PluginCallsOptions {
  pluginFolder: string;
  calls: number;
}

const WARM_UP = 300;
const AT_ONCE = 50;

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
  const { sha256, wasm } = compiled;
  const sandbox = createSandbox({ loadModule: () => Promise.resolve(wasm), processes: 2 });
  const inProcess = inProcessSandbox(await loadInProcess(pluginFolder));
  const cold = await timed(sandbox, sha256);
  const warm = await oneByOne(sandbox, sha256, calls);
  const bare = await oneByOne(inProcess, sha256, calls);
  const perSecond = await manyAtOnce(sandbox, sha256, 4 * calls);
  await sandbox.close();
  tell({
    warmP50: quantile(warm, 0.5),
    warmP99: quantile(warm, 0.99),
    cold,
    inProcessP50: quantile(bare, 0.5),
    perSecond,
  } satisfies PluginCalls);
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

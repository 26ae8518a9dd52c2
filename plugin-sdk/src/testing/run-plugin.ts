import { createHash, randomUUID } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mapStack } from '../compile/map-stack.ts';
import {
  deliverOutputSchema,
  ingestOutputSchema,
  type DeliverInput,
  type DeliverResult,
  type IngestInput,
  type IngestResult,
  type Issue,
  type PluginError,
} from '../contract/envelopes.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { Journal } from '../contract/journal.ts';
import { manifestSchema, type Manifest } from '../contract/manifest.ts';
import type { LogLine, RunUsage } from '../contract/run.ts';
import { grantedCapabilities, type Capability } from '../contract/permissions.ts';
import { buildFolder } from '../package/build-folder.ts';
import { checkModule, findingsText } from '../sandbox/check-module.ts';
import { createSandbox, type ProcessSandbox } from '../sandbox/create-sandbox.ts';
import { driveCall, type World } from './drive-call.ts';

export type { HttpReply, World } from './drive-call.ts';

interface Inputs {
  ingest: IngestInput;
  deliver: DeliverInput;
}
interface Results {
  ingest: IngestResult;
  deliver: DeliverResult;
}
export type RunnableExport = keyof Inputs;

export type PluginSource = { folder: string } | { wasm: Uint8Array; manifest: Manifest; sourceMap?: string };

export type RunPluginOptions<E extends RunnableExport> = PluginSource & {
  export: E;
  input: Inputs[E];
  world?: World;
  journal?: Journal;
};

export interface RunError {
  outcome: 'error';
  code: ErrorCode;
  message: string;
  /** What the plugin threw; its stack names the author's files when the plugin was given as a folder. */
  error?: PluginError;
  /** For OUTPUT_INVALID. */
  issues?: Issue[];
}

/** What came of it: the plugin's own result, or an error; with what there was to see on the way. */
export type PluginOutcome<E extends RunnableExport> = (Results[E] | RunError) & {
  logs: LogLine[];
  usage: RunUsage;
  journal: Journal;
  runs: number;
};

interface BuiltPlugin {
  wasm: Uint8Array;
  sha256: string;
  grants: readonly Capability[];
  sourceMap: string | undefined;
}

const NOTHING: { logs: LogLine[]; usage: RunUsage; journal: Journal; runs: number } = {
  logs: [],
  usage: { cpuMicros: 0, memoryBytes: 0 },
  journal: { seed: '', startedAt: 0, asks: [], batches: [] },
  runs: 0,
};

const BUSY_MACHINE_WALL_MS = 20_000;

let shared: ProcessSandbox | undefined;
/** The modules of the calls that run now, by digest. */
const modules = new Map<string, { wasm: Uint8Array; calls: number }>();
/** What was found of a module beside this manifest; a package's fixtures run one after the other with the same two. */
const checkedModules = new WeakMap<Manifest, { wasm: Uint8Array; built: BuiltPlugin | RunError }>();
const folders = new Map<string, Promise<BuiltPlugin | RunError>>();

/**
 * Runs one export of a plugin in the real sandbox, with the checks that a registry makes and with its asks performed by
 * `world`. A folder is built once per process. Nothing needs to be closed: an idle sandbox does not hold a process.
 *
 * Never throws for what a plugin does: that is an outcome.
 */
export async function runPlugin<E extends RunnableExport>(options: RunPluginOptions<E>): Promise<PluginOutcome<E>> {
  const built = await buildOnce(options);
  if ('outcome' in built) return { ...built, ...NOTHING };
  shared ??= createSandbox({
    processes: 1,
    loadModule: (sha256) => {
      const module = modules.get(sha256);
      return module === undefined ? Promise.reject(new Error('unknown module')) : Promise.resolve(module.wasm);
    },
  });
  const request = {
    module: built.sha256,
    export: options.export,
    grants: built.grants,
    input: JSON.stringify(options.input),
    group: 'test',
    installation: 'test',
    call: randomUUID(),
    // The CPU time that a run may take is the platform's; a busy machine that runs tests is no reason to fail one.
    limits: { runWallMs: BUSY_MACHINE_WALL_MS },
  };
  const { result, journal, runs, logs } = await whileKnown(built, shared, (sandbox) =>
    driveCall(sandbox, request, options.world, options.journal),
  );
  const seen = { logs, usage: result.usage, journal, runs };
  if (result.status === 'failed') {
    const { code, message, error } = result;
    const mapped =
      error?.stack === undefined || built.sourceMap === undefined
        ? error
        : { ...error, stack: mapStack(error.stack, built.sourceMap) };
    return { outcome: 'error', code, message, ...(mapped !== undefined && { error: mapped }), ...seen };
  }
  return { ...readOutput(options.export, result.output), ...seen };
}

/** A package may be a stranger's and there may be many: a module is kept for as long as something runs it. */
async function whileKnown<T>(
  { sha256, wasm }: BuiltPlugin,
  sandbox: ProcessSandbox,
  call: (sandbox: ProcessSandbox) => Promise<T>,
): Promise<T> {
  const module = modules.get(sha256) ?? { wasm, calls: 0 };
  module.calls += 1;
  modules.set(sha256, module);
  try {
    return await call(sandbox);
  } finally {
    module.calls -= 1;
    if (module.calls === 0) modules.delete(sha256);
  }
}

/** Ends the processes that `runPlugin` started; for programs that look at what they leave behind. */
export async function closePluginRuns(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}

function readOutput<E extends RunnableExport>(name: E, output: string): Results[E] | RunError {
  const invalid = (message: string, issues: Issue[]): RunError => ({
    outcome: 'error',
    code: 'OUTPUT_INVALID',
    message,
    issues,
  });
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return invalid('The output is not JSON.', []);
  }
  const schema: z.ZodType<{ result: IngestResult | DeliverResult }> =
    name === 'ingest' ? ingestOutputSchema : deliverOutputSchema;
  const read = schema.safeParse(value);
  if (read.success) return read.data.result as Results[E];
  const issues = read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return invalid(issues.map(({ path, message }) => `${path}: ${message}`).join('; '), issues);
}

function buildOnce(source: PluginSource): Promise<BuiltPlugin | RunError> {
  if (!('folder' in source)) {
    const { wasm, manifest, sourceMap } = source;
    const known = checkedModules.get(manifest);
    if (known?.wasm === wasm) return Promise.resolve(known.built);
    const sha256 = createHash('sha256').update(wasm).digest('hex');
    const built = checked({ wasm, sha256, sourceMap }, manifest);
    checkedModules.set(manifest, { wasm, built });
    return Promise.resolve(built);
  }
  const known = folders.get(source.folder);
  if (known !== undefined) return known;
  const building = buildPlugin(source.folder);
  folders.set(source.folder, building);
  return building;
}

async function buildPlugin(folder: string): Promise<BuiltPlugin | RunError> {
  const manifest = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, 'plugin.json'), 'utf8')));
  if (!manifest.success)
    return { outcome: 'error', code: 'MANIFEST_INVALID', message: z.prettifyError(manifest.error) };
  const module = await buildFolder(await realpath(folder), manifest.data);
  if (!module.ok) return { outcome: 'error', code: module.code, message: module.message };
  const { wasm, sha256, sourceMap } = module;
  return checked({ wasm, sha256, sourceMap }, manifest.data);
}

function checked(built: Omit<BuiltPlugin, 'grants'>, manifest: Manifest): BuiltPlugin | RunError {
  const findings = checkModule(built.wasm, manifest);
  const [first] = findings;
  if (first === undefined) return { ...built, grants: grantedCapabilities(manifest.permissions) };
  const code = first.rule === 'module.permissions' ? 'PERMISSIONS_UNPROVEN' : 'MODULE_INVALID';
  return { outcome: 'error', code, message: findingsText(findings) };
}

import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Issue, PluginError } from '../contract/envelopes.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import { manifestSchema, type Manifest, type PluginExport } from '../contract/manifest.ts';
import { grantedCapabilities, type Capability } from '../contract/permissions.ts';
import type { RunRequest } from '../contract/run.ts';
import { buildFolder } from '../package/build-folder.ts';
import { checkModule, findingsText } from '../sandbox/check-module.ts';
import { createSandbox, type ProcessSandbox } from '../sandbox/create-sandbox.ts';

export type PluginSource = { folder: string } | { wasm: Uint8Array; manifest: Manifest; sourceMap?: string };

export interface RunError {
  outcome: 'error';
  code: ErrorCode;
  message: string;
  /** What the plugin threw; its stack names the author's files when the plugin was given as a folder. */
  error?: PluginError;
  /** For OUTPUT_INVALID. */
  issues?: Issue[];
}

export interface BuiltPlugin {
  wasm: Uint8Array;
  sha256: string;
  grants: readonly Capability[];
  sourceMap: string | undefined;
}

const BUSY_MACHINE_WALL_MS = 20_000;

let shared: ProcessSandbox | undefined;
/** The modules of the calls that run now, by digest. */
const modules = new Map<string, { wasm: Uint8Array; calls: number }>();
/** What was found of a module beside this manifest; a package's fixtures run one after the other with the same two. */
const checkedModules = new WeakMap<Manifest, { wasm: Uint8Array; built: BuiltPlugin | RunError }>();
const folders = new Map<string, Promise<BuiltPlugin | RunError>>();

/** A plugin that was found to be in order, ready to run. A folder is built once per process. */
export function preparePlugin(source: PluginSource): Promise<BuiltPlugin | RunError> {
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

/** A run of this plugin, but for its journal. */
export function runRequestOf(
  { sha256, grants }: BuiltPlugin,
  exportName: PluginExport,
  input: unknown,
): Omit<RunRequest, 'journal'> {
  return {
    module: sha256,
    export: exportName,
    grants,
    input: JSON.stringify(input),
    group: 'test',
    installation: 'test',
    // The CPU time that a run may take is the platform's; a busy machine that runs tests is no reason to fail one.
    limits: { runWallMs: BUSY_MACHINE_WALL_MS },
  };
}

/**
 * Acts with the one sandbox of this process, which knows the plugin meanwhile. A package may be a stranger's and there
 * may be many: a module is kept for as long as something runs it.
 */
export async function inSandbox<T>(
  { sha256, wasm }: BuiltPlugin,
  act: (sandbox: ProcessSandbox) => Promise<T>,
): Promise<T> {
  shared ??= createSandbox({
    processes: 1,
    loadModule: (wanted) => {
      const module = modules.get(wanted);
      return module === undefined ? Promise.reject(new Error('unknown module')) : Promise.resolve(module.wasm);
    },
  });
  const module = modules.get(sha256) ?? { wasm, calls: 0 };
  module.calls += 1;
  modules.set(sha256, module);
  try {
    return await act(shared);
  } finally {
    module.calls -= 1;
    if (module.calls === 0) modules.delete(sha256);
  }
}

/** Ends the processes that runs started; for programs that look at what they leave behind. */
export async function closePluginRuns(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await closing?.close();
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

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ABI_CUSTOM_SECTION, RESUME_EXPORT } from '../contract/abi.ts';
import { ABI_VERSION } from '../contract/envelopes.ts';
import type { Manifest } from '../contract/manifest.ts';
import { grantedCapabilities, type Capability } from '../contract/permissions.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { BuildInstance, EvaluationError } from './build-instance.ts';
import { bundleScript, type CompileError, type SourceModule } from './bundle.ts';
import { BUNDLE_FILE } from './map-stack.ts';
import { placedError } from './placed-error.ts';
import { replaceSchemaModules } from './schemas/schema-modules.ts';
import { sdkVersion } from './sdk-version.ts';
import { snapshotModule } from './snapshot.ts';

export interface CompileRequest {
  /** Path of the plugin's entry file, usually `src/index.ts`. */
  entry: string;
  manifest: Manifest;
  /** The plugin's folder; by default the nearest folder above the entry that holds a plugin.json. */
  root?: string;
}

export type CompileOutcome =
  | {
      ok: true;
      wasm: Uint8Array;
      /** Of the module's bytes, hex. */
      sha256: string;
      capabilities: Capability[];
      /** JSON text; keep it beside the module and give it to mapStack. */
      sourceMap: string;
      modules: SourceModule[];
      millis: number;
    }
  | { ok: false; code: 'COMPILE_FAILED'; errors: CompileError[] };

/**
 * Makes a module of contract/abi.ts from a plugin's TypeScript. The author's code runs only inside the engine, also
 * here. The same sources give the same bytes, wherever they lie.
 */
export async function compilePlugin(request: CompileRequest): Promise<CompileOutcome> {
  const started = performance.now();
  const entry = await realpath(request.entry);
  const root = request.root === undefined ? pluginFolder(entry) : await realpath(request.root);
  const capabilities = grantedCapabilities(request.manifest.permissions);
  const engine = await loadEngine(capabilities);
  const modules = new Map<string, SourceModule>();
  const schemas = await replaceSchemaModules(root, modules);
  if (!schemas.ok) return failed(schemas.errors);
  const bundled = await bundleScript({ entry, replacements: schemas.replacements }, root, modules);
  if (!bundled.ok) return failed(bundled.errors);

  try {
    const instance = new BuildInstance(engine, capabilities);
    const value = instance.evaluate(`${bundled.code}\nplugin`, BUNDLE_FILE);
    const adopted = instance.adopt(value);
    if ('violation' in adopted) return failed([placedError(adopted.violation, bundled.sourceMap)]);
    const mismatch = compareExports(adopted.exports, request.manifest.provides);
    if (mismatch.length > 0) return failed(mismatch);
    const about = { abi: ABI_VERSION, hostApi: request.manifest.hostApi, sdk: sdkVersion() };
    const custom = { name: ABI_CUSTOM_SECTION, content: new TextEncoder().encode(JSON.stringify(about)) };
    // What asks for nothing never waits.
    const visible = [...request.manifest.provides, ...(capabilities.length > 0 ? [RESUME_EXPORT] : [])];
    const wasm = snapshotModule(engine.bytes, instance.freeze(), visible, custom);
    return {
      ok: true,
      wasm,
      sha256: createHash('sha256').update(wasm).digest('hex'),
      capabilities,
      sourceMap: bundled.sourceMap,
      modules: [...modules.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
      millis: performance.now() - started,
    };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return failed([placedError(error.inner, bundled.sourceMap)]);
  }
}

function failed(errors: CompileError[]): CompileOutcome {
  return { ok: false, code: 'COMPILE_FAILED', errors };
}

function compareExports(found: readonly string[], provided: readonly string[]): CompileError[] {
  const missing = provided
    .filter((name) => !found.includes(name))
    .map((name) => `plugin.json provides "${name}", but the plugin does not define it`);
  const extra = found
    .filter((name) => !provided.includes(name))
    .map((name) => `The plugin defines "${name}", but plugin.json does not provide it`);
  return [...missing, ...extra].map((message) => ({ message }));
}

function pluginFolder(entry: string): string {
  const start = dirname(resolve(entry));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'plugin.json'))) return folder;
  return start;
}

import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Capability } from '../contract/permissions.ts';
import { variantName } from './capability-sets.ts';

/** The folder of this package, found through module resolution, so that a bundle of this file finds it too. */
export function sdkFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@patchbay/plugin-sdk/contract/abi')), '..', '..');
}

export function engineFolder(): string {
  return join(sdkFolder(), 'dist', 'engine');
}

export interface Engine {
  /** The code that plugins of this variant share. */
  module: WebAssembly.Module;
  bytes: Uint8Array;
  /** JavaScript that gives a plugin its globals and its loop. */
  prelude: string;
  /** JavaScript that schema modules need while a plugin is compiled: zod, and what reads its schemas. */
  schemaLibrary: string;
}

const loaded = new Map<string, Promise<Engine>>();

/** The engine of a set of capabilities; compiled once per process. Fails when the SDK was not built. */
export function loadEngine(granted: readonly Capability[]): Promise<Engine> {
  const variant = variantName(granted);
  const known = loaded.get(variant);
  if (known !== undefined) return known;
  const engine = readEngine(variant);
  loaded.set(variant, engine);
  engine.catch(() => loaded.delete(variant));
  return engine;
}

async function readEngine(variant: string): Promise<Engine> {
  const read = (name: string) =>
    readFile(join(engineFolder(), name)).catch((cause: unknown) => {
      throw new Error('The engine is not built: run "node plugin-sdk/build/build.mjs"', { cause });
    });
  const [bytes, prelude, schemaLibrary] = await Promise.all([
    read(`${variant}.wasm`),
    read('prelude.js'),
    read('schema-library.js'),
  ]);
  const module = await WebAssembly.compile(new Uint8Array(bytes));
  return { bytes, module, prelude: prelude.toString('utf8'), schemaLibrary: schemaLibrary.toString('utf8') };
}

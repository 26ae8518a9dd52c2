import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { capabilities, type Capability } from '../contract/permissions.ts';

/**
 * The engine exists once for each set of capabilities: a variant imports nothing of a capability outside its set.
 * Its name lists them in the fixed order of `capabilities`.
 */
export function variantName(granted: readonly Capability[]): string {
  const names = capabilities.filter((capability) => granted.includes(capability));
  return names.length === 0 ? 'pure' : names.join('-');
}

/** All sets of capabilities, the empty one first. */
export function capabilitySets(): Capability[][] {
  return Array.from({ length: 2 ** capabilities.length }, (_, bits) =>
    capabilities.filter((_capability, position) => (bits & (1 << position)) !== 0),
  );
}

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
  const [bytes, prelude] = await Promise.all([read(`${variant}.wasm`), read('prelude.js')]);
  return { bytes, module: await WebAssembly.compile(bytes), prelude: prelude.toString('utf8') };
}

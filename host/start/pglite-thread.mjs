import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleOptions } from './bundle.mjs';
import { ROOT } from './folders.mjs';

export const PGLITE_THREAD = { entry: 'host/src/store/pglite-thread.ts', output: 'host/dist/pglite-thread.mjs' };

/**
 * Bundles the thread that holds the embedded database.
 *
 * The file is replaced in one step, so that tests may build it at the same time.
 */
export async function buildPgliteThread() {
  const { build } = await import('esbuild');
  const temporary = `${PGLITE_THREAD.output}.${process.pid}.mjs`;
  await build({ ...bundleOptions(PGLITE_THREAD.entry, temporary), sourcemap: 'inline' });
  await rename(join(ROOT, temporary), join(ROOT, PGLITE_THREAD.output));
}

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleOptions } from './bundle.mjs';
import { ROOT } from './folders.mjs';

export const DATABASE_THREAD = { entry: 'host/src/database-thread.ts', output: 'host/dist/database-thread.mjs' };

/**
 * Bundles the thread that holds the embedded database.
 *
 * The file is replaced in one step, so that tests may build it at the same time.
 */
export async function buildDatabaseThread() {
  const { build } = await import('esbuild');
  const temporary = `${DATABASE_THREAD.output}.${process.pid}.mjs`;
  await build({ ...bundleOptions(DATABASE_THREAD.entry, temporary), sourcemap: 'inline' });
  await rename(join(ROOT, temporary), join(ROOT, DATABASE_THREAD.output));
}

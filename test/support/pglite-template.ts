import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The folder of an empty PGlite database, made once for each PGlite version. Creating one takes seconds, copying it a
 * fraction of one.
 */
export async function ensurePgliteTemplate(): Promise<string> {
  const cache = join(ROOT, 'node_modules', '.patchbay');
  const folder = join(cache, `pglite-${pgliteVersion()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  const database = new PGlite(unfinished);
  await database.waitReady;
  await database.close();
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another run has finished the same template first.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(dirname(entry)), 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`no version in the package.json above ${entry}`);
}

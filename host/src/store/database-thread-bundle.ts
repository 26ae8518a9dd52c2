import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The file that the thread of PGlite runs, which Node could not read as TypeScript. Where it is older than its sources
 * it is built first, so that a test never runs an old one.
 *
 * @returns an absolute path
 */
export function databaseThreadBundle(): Promise<string> {
  bundle ??= findOrBuild().catch((error: unknown) => {
    bundle = undefined;
    throw error;
  });
  return bundle;
}

let bundle: Promise<string> | undefined;

async function findOrBuild(): Promise<string> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const file = here('../../dist/database-thread.mjs');
  const built = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(newestIn(here('../')), newestIn(here('../../../plugin-sdk/src/contract/')))) return file;
  const builder = new URL('../../start/database-thread.mjs', import.meta.url);
  const { buildDatabaseThread } = (await import(builder.href)) as { buildDatabaseThread(): Promise<void> };
  await buildDatabaseThread();
  return file;
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(0, ...files);
}

import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The file that the thread of PGlite runs, which Node could not read as TypeScript. Where it is older than its sources
 * it is built first, so that a test never runs an old one.
 *
 * @returns an absolute path
 */
export async function pgliteThreadBundle(): Promise<string> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const file = here('../../dist/pglite-thread.mjs');
  const sources = ['./pglite-thread.ts', './pglite-statements.ts', './pglite-messages.ts'].map(here);
  const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (existsSync(file) && timeOf(file) >= Math.max(...sources.map(timeOf))) return file;
  // Whoever asks meanwhile waits for the same build: both would write one file.
  building ??= build().finally(() => (building = undefined));
  await building;
  return file;
}

let building: Promise<void> | undefined;

async function build(): Promise<void> {
  const builder = new URL('../../start/pglite-thread.mjs', import.meta.url);
  const { buildPgliteThread } = (await import(builder.href)) as { buildPgliteThread(): Promise<void> };
  await buildPgliteThread();
}

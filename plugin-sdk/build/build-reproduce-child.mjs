import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const sdk = fileURLToPath(new URL('..', import.meta.url));
const entry = fileURLToPath(new URL('../src/checks/reproduce-child.ts', import.meta.url));
const outfile = fileURLToPath(new URL('../dist/reproduce-child.mjs', import.meta.url));

let built;

/**
 * Bundles the process that compiles a package's sources again. Built once per process, replaced in one step and only
 * if it changed, so that tests may build it at the same time.
 *
 * @returns {Promise<string>} the file
 */
export function buildReproduceChild() {
  built ??= buildFile();
  return built;
}

async function buildFile() {
  const result = await build({
    entryPoints: [entry],
    // The same bytes wherever it is built from: paths stand in comments.
    absWorkingDir: sdk,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // What is bundled need not be read; the bundler itself comes with a program.
    external: ['esbuild'],
    legalComments: 'inline',
    logLevel: 'error',
  });
  const bytes = result.outputFiles[0].contents;
  const present = await readFile(outfile).catch(() => undefined);
  if (present === undefined || !present.equals(bytes)) {
    await mkdir(dirname(outfile), { recursive: true });
    const temporary = `${outfile}.${process.pid}`;
    await writeFile(temporary, bytes);
    await rename(temporary, outfile);
  }
  return outfile;
}

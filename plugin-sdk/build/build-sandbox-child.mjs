import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('../src/sandbox/child/main.ts', import.meta.url));
export const sandboxChildFile = fileURLToPath(new URL('../dist/sandbox-child.mjs', import.meta.url));

/**
 * Bundles the sandbox's child process into the one file that it may read.
 *
 * The file is replaced in one step, so that tests may build it at the same time.
 *
 * @param {string} outfile
 * @returns {Promise<string>} the file
 */
export async function buildSandboxChild(outfile = sandboxChildFile) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    legalComments: 'inline',
    logLevel: 'error',
  });
  await mkdir(dirname(outfile), { recursive: true });
  const temporary = `${outfile}.${process.pid}`;
  await writeFile(temporary, result.outputFiles[0].contents);
  await rename(temporary, outfile);
  return outfile;
}

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { transform } from 'esbuild';
import { compilePlugin } from '../compile/compile-plugin.ts';
import { manifestSchema } from '../contract/manifest.ts';
import { errorLine } from '../package/build-folder.ts';
import { closeOutside } from './close-outside.ts';
import type { Reproduction } from './reproduction-check.ts';

/** What the parent writes to standard input, as one line of JSON for each package; the answers are such lines too. */
export interface ReproduceRequest {
  /** Where the sources lie; this process can read them and write nothing. */
  folder: string;
  manifest: unknown;
  entry: string;
}

const MESSAGE_CHARS = 8_000;

// The bundler is a program that is started with its first work; after that nothing is started any more.
await transform('');
closeOutside();

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await compileAgain(JSON.parse(line) as ReproduceRequest))}\n`);

async function compileAgain({ folder, entry, manifest }: ReproduceRequest): Promise<Reproduction> {
  const compiled = await compilePlugin({
    entry: join(folder, entry),
    manifest: manifestSchema.parse(manifest),
    root: folder,
  });
  return compiled.ok
    ? { ok: true, moduleSha256: compiled.sha256 }
    : { ok: false, message: compiled.errors.map(errorLine).join('; ').slice(0, MESSAGE_CHARS) };
}

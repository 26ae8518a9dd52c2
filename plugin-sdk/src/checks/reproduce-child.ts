import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { compilePlugin } from '../compile/compile-plugin.ts';
import { errorLine } from '../package/build-folder.ts';
import { manifestSchema } from '../contract/manifest.ts';
import type { Reproduction } from './reproduction-check.ts';

/** What the parent writes to standard input, as one line of JSON for each package; the answers are such lines too. */
export interface ReproduceRequest {
  /** An empty folder for the sources; the parent removes it. */
  folder: string;
  manifest: unknown;
  entry: string;
  modules: { path: string; text: string }[];
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await compileAgain(JSON.parse(line) as ReproduceRequest))}\n`);

async function compileAgain(request: ReproduceRequest): Promise<Reproduction> {
  const folder = join(request.folder, 'plugin');
  for (const { path, text } of request.modules) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  // As in the folder of a plugin: its own modules are ECMAScript modules, which says how they import CommonJS.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const compiled = await compilePlugin({
    entry: join(folder, request.entry),
    manifest: manifestSchema.parse(request.manifest),
    root: folder,
  });
  return compiled.ok
    ? { ok: true, moduleSha256: compiled.sha256 }
    : { ok: false, message: compiled.errors.map(errorLine).join('; ') };
}

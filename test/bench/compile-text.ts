import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePlugin } from '@patchbay/plugin-sdk/compile/compile-plugin';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';

/** Compiles a plugin of one file of JavaScript, with no permissions unless some are given. */
export async function compileText(
  source: string,
  more: { provides?: readonly string[]; permissions?: object } = {},
): Promise<{ sha256: string; wasm: Uint8Array }> {
  const manifest = manifestSchema.parse({
    id: 'bench/plugin',
    version: '1.0.0',
    hostApi: '^1.0.0',
    name: 'Bench',
    summary: 'Is measured',
    licence: 'Apache-2.0',
    categories: ['generic'],
    provides: more.provides ?? ['ingest'],
    ...(more.provides === undefined && { integrationType: 'bench' }),
    permissions: more.permissions ?? {},
  });
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  try {
    await mkdir(join(folder, 'src'));
    const entry = join(folder, 'src/index.js');
    await writeFile(entry, source);
    await writeFile(join(folder, 'plugin.json'), JSON.stringify(manifest));
    const compiled = await compilePlugin({ entry, manifest, root: folder });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
    return compiled;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

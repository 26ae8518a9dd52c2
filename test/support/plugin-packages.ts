import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import type { SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { initPlugin, type TemplateName } from '@patchbay/plugin-sdk/package/init-plugin';
import { packPlugin } from '@patchbay/plugin-sdk/package/pack-plugin';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';

export interface TestPackage {
  bytes: Buffer;
  sha256: string;
  moduleSha256: string;
  id: string;
  version: string;
  files: Map<string, Uint8Array>;
}

/**
 * A package of a working plugin, made from a template.
 *
 * @param manifest what is to be different in its plugin.json
 * @param change what else is to be different in its folder
 */
export async function makePackage(
  id: string,
  manifest: Partial<ManifestInput> = {},
  template: TemplateName = 'ingest',
  change: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<TestPackage> {
  const parent = await mkdtemp(join(tmpdir(), 'patchbay-plugin-'));
  const folder = join(parent, 'plugin');
  try {
    const made = await initPlugin(folder, id, template);
    if (!made.ok) throw new Error(made.message);
    const file = join(folder, 'plugin.json');
    const whole = { ...(JSON.parse(await readFile(file, 'utf8')) as ManifestInput), version: '1.0.0', ...manifest };
    await writeFile(file, JSON.stringify(whole, null, 2));
    await change(folder);
    const packed = await packPlugin(folder);
    if (!packed.ok) throw new Error(`${packed.code}: ${packed.message}`);
    const { bytes, sha256, moduleSha256, files } = packed;
    return { bytes, sha256, moduleSha256, files, id: packed.manifest.id, version: packed.manifest.version };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** The author's signed statement that releases this package. */
export function releaseEnvelope(
  { id, version, sha256, moduleSha256 }: Omit<TestPackage, 'bytes' | 'files'>,
  key: SigningKey,
) {
  const statement = { id: id as `${string}/${string}`, version, sha256, moduleSha256, hostApi: '^1.0.0', sdk: '0.1.0' };
  return signStatement('release', statement, key);
}

/** A change of `makePackage`: these files by path, in place of the template's code and of all its fixtures. */
export function withFiles(files: Readonly<Record<string, string | Uint8Array>>): (folder: string) => Promise<void> {
  return async (folder) => {
    await rm(join(folder, 'fixtures'), { recursive: true });
    await mkdir(join(folder, 'fixtures'));
    for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  };
}

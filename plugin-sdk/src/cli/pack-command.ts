import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { packPlugin } from '../package/pack-plugin.ts';
import { usageError, type CommandResult } from './command-result.ts';
import { kindOf } from './load-plugin.ts';
import type { Progress } from './progress.ts';

/**
 * Packs the folder of each plugin into `<out>/<name of the folder>.tgz`; without `out` into `dist` of that folder. One
 * that cannot be packed does not keep the others from it.
 */
export async function packCommand(
  folders: readonly string[],
  options: { out?: string },
  progress: Progress,
): Promise<CommandResult> {
  for (const folder of folders)
    if ((await kindOf(folder)) !== 'folder') return usageError(`There is no folder "${folder}".`);
  const result: CommandResult = { exitCode: 0, report: {}, lines: [] };
  const packages: Record<string, unknown>[] = [];
  const step = progress.begin('Packing', folders.length);
  for (const folder of folders) {
    const packed = await packPlugin(folder);
    step.advance();
    if (!packed.ok) {
      result.exitCode = 1;
      result.lines.push(`${folder}: ${packed.code}: ${packed.message}`);
      packages.push({ folder, error: { code: packed.code, message: packed.message } });
      continue;
    }
    const { manifest, bytes, sha256, moduleSha256 } = packed;
    const file = await save(bytes, folder, options.out ?? join(folder, 'dist'));
    const { id, version } = manifest;
    packages.push({ plugin: { id, version }, folder, file, bytes: bytes.length, sha256, moduleSha256 });
    result.lines.push(`${id} ${version}: ${file} (${Math.ceil(bytes.length / 1024)} KiB, sha256 ${sha256})`);
  }
  step.end();
  return { ...result, report: { packages } };
}

async function save(bytes: Uint8Array, folder: string, out: string): Promise<string> {
  const file = join(out, `${basename(resolve(folder))}.tgz`);
  await mkdir(out, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, bytes);
  await rename(temporary, file);
  return file;
}

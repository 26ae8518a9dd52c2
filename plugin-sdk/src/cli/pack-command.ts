import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { packPlugin } from '../package/pack-plugin.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { kindOf } from './load-plugin.ts';

/** Packs a plugin's folder into `<out>/<name of the folder>.tgz`. */
export async function packCommand(folder: string, options: { out: string }): Promise<CommandResult> {
  if ((await kindOf(folder)) !== 'folder') return usageError(`There is no folder "${folder}".`);
  const packed = await packPlugin(folder);
  if (!packed.ok) return failure(packed.code, packed.message);
  const { manifest, bytes, sha256, moduleSha256 } = packed;
  const file = join(options.out, `${basename(resolve(folder))}.tgz`);
  await mkdir(options.out, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, bytes);
  await rename(temporary, file);
  const { id, version } = manifest;
  return {
    exitCode: 0,
    report: { plugin: { id, version }, file, bytes: bytes.length, sha256, moduleSha256 },
    lines: [`${id} ${version}: ${file} (${Math.ceil(bytes.length / 1024)} KiB, sha256 ${sha256})`],
  };
}

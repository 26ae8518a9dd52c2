import { readFile } from 'node:fs/promises';
import { packPlugin } from '../package/pack-plugin.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { kindOf } from './load-plugin.ts';
import { during, type Progress } from './progress.ts';

/** The bytes of a package: packed now from a folder, or read from a .tgz. */
export async function packageBytes(
  path: string,
  progress: Progress,
): Promise<{ ok: true; bytes: Uint8Array } | { ok: false; result: CommandResult }> {
  const kind = await kindOf(path);
  if (kind === undefined) return { ok: false, result: usageError(`There is no folder or package "${path}".`) };
  if (kind === 'file') return { ok: true, bytes: await readFile(path) };
  const packed = await during(progress, `Compiling ${path}`, () => packPlugin(path));
  return packed.ok ? packed : { ok: false, result: failure(packed.code, packed.message) };
}

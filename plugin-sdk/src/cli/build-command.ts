import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../package/digest.ts';
import { packageFiles } from '../package/plugin-package.ts';
import { usageError, type CommandResult } from './command-result.ts';
import { kindOf, loadPlugin } from './load-plugin.ts';
import type { Progress } from './progress.ts';

/** Compiles a plugin's folder into `module.wasm` and its source map. */
export async function buildCommand(
  folder: string,
  options: { out?: string },
  progress: Progress,
): Promise<CommandResult> {
  if ((await kindOf(folder)) !== 'folder') return usageError(`There is no folder "${folder}".`);
  const built = await loadPlugin(folder, progress);
  if (!built.ok) return built.result;
  const out = options.out ?? join(folder, 'dist');
  const file = join(out, packageFiles.module);
  await mkdir(out, { recursive: true });
  await writeFile(file, built.wasm);
  await writeFile(join(out, packageFiles.sourceMap), built.sourceMap ?? '');
  const digest = sha256(built.wasm);
  return {
    exitCode: 0,
    report: { plugin: { id: built.manifest.id, version: built.manifest.version }, file, sha256: digest },
    lines: [`${file} (${Math.ceil(built.wasm.length / 1024)} KiB, sha256 ${digest})`],
  };
}

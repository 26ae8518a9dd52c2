import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../contract/manifest.ts';
import { buildFolder } from '../package/build-folder.ts';
import { parseManifest } from '../package/parse-manifest.ts';
import { packageFiles } from '../package/plugin-package.ts';
import { readPackage } from '../package/read-package.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { during, noProgress, type Progress } from './progress.ts';

export type LoadedPlugin =
  | { ok: true; manifest: Manifest; wasm: Uint8Array; sourceMap: string | undefined }
  | { ok: false; result: CommandResult };

/** A plugin from its folder, which is built, or from a package. */
export async function loadPlugin(path: string, progress: Progress = noProgress): Promise<LoadedPlugin> {
  const kind = await kindOf(path);
  if (kind === undefined) return { ok: false, result: usageError(`There is no folder or package "${path}".`) };
  return kind === 'folder' ? during(progress, `Compiling ${path}`, () => loadFolder(path)) : loadPackage(path);
}

export async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

async function loadPackage(path: string): Promise<LoadedPlugin> {
  const read = await readPackage(await readFile(path));
  if (!read.ok) return { ok: false, result: failure(read.code, read.message) };
  const { manifest, module, sourceMap } = read.package;
  return { ok: true, manifest, wasm: module, sourceMap: sourceMap ?? undefined };
}

async function loadFolder(path: string): Promise<LoadedPlugin> {
  const root = await realpath(path);
  const file = join(root, packageFiles.manifest);
  if ((await kindOf(file)) !== 'file')
    return { ok: false, result: usageError(`There is no plugin.json in "${path}".`) };
  const parsed = parseManifest(await readFile(file, 'utf8'));
  if (!parsed.ok) return { ok: false, result: failure(parsed.code, parsed.message, { details: parsed.issues }) };
  const built = await buildFolder(root, parsed.manifest);
  if (!built.ok) {
    if (built.code === 'ARCHIVE_INVALID') return { ok: false, result: usageError(built.message) };
    return { ok: false, result: failure(built.code, built.message, { places: built.errors }) };
  }
  return { ok: true, manifest: parsed.manifest, wasm: built.wasm, sourceMap: built.sourceMap };
}

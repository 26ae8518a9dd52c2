import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePlugin } from '../compile/compile-plugin.ts';
import type { Manifest } from '../contract/manifest.ts';
import { errorLine } from '../package/pack-plugin.ts';
import { parseManifest } from '../package/parse-manifest.ts';
import { packageFiles } from '../package/plugin-package.ts';
import { readPackage } from '../package/read-package.ts';
import { ENTRY } from '../package/source-lock.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';

export type LoadedPlugin =
  | { ok: true; manifest: Manifest; wasm: Uint8Array; sourceMap: string | undefined }
  | { ok: false; result: CommandResult };

/** A plugin from its folder, which is compiled, or from a package. */
export async function loadPlugin(path: string): Promise<LoadedPlugin> {
  const kind = await kindOf(path);
  if (kind === undefined) return { ok: false, result: usageError(`There is no folder or package "${path}".`) };
  return kind === 'folder' ? loadFolder(path) : loadPackage(path);
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
  const entry = join(root, ENTRY);
  if ((await kindOf(entry)) !== 'file') return { ok: false, result: usageError(`There is no ${ENTRY} in "${path}".`) };
  const compiled = await compilePlugin({ entry, manifest: parsed.manifest, root });
  if (!compiled.ok)
    return {
      ok: false,
      result: failure(compiled.code, compiled.errors.map(errorLine).join('\n'), { places: compiled.errors }),
    };
  return { ok: true, manifest: parsed.manifest, wasm: compiled.wasm, sourceMap: compiled.sourceMap };
}

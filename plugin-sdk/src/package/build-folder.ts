import { isUtf8 } from 'node:buffer';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { compilePlugin } from '../compile/compile-plugin.ts';
import type { CompileError, SourceModule } from '../compile/bundle.ts';
import type { Manifest } from '../contract/manifest.ts';
import { sha256 } from './digest.ts';
import { ENTRY } from './source-lock.ts';

export interface BuiltFolder {
  ok: true;
  wasm: Uint8Array;
  sha256: string;
  /** Undefined for a module that was built elsewhere. */
  sourceMap: string | undefined;
  /** What the module was compiled from; of one that was built elsewhere, what its author says it was. */
  sources: SourceModule[];
}

export type FolderBuild =
  | BuiltFolder
  | { ok: false; code: 'COMPILE_FAILED'; message: string; errors: CompileError[] }
  | { ok: false; code: 'ARCHIVE_INVALID'; message: string };

/**
 * The module of a plugin's folder: compiled from `src/index.ts`, or, when the manifest names one that another compiler
 * made, that file.
 *
 * @param root without symbolic links
 */
export async function buildFolder(root: string, manifest: Manifest): Promise<FolderBuild> {
  const { module } = manifest;
  if (module !== undefined) return readBuilt(root, module);
  if (!(await isThere(join(root, ENTRY))))
    return { ok: false, code: 'ARCHIVE_INVALID', message: `There is no ${ENTRY} in ${root}.` };
  const compiled = await compilePlugin({ entry: join(root, ENTRY), manifest, root });
  if (!compiled.ok) return { ...compiled, message: compiled.errors.map(errorLine).join('\n') };
  const { wasm, sha256: digest, sourceMap, modules } = compiled;
  return { ok: true, wasm, sha256: digest, sourceMap, sources: modules };
}

/** File, line and column as editors and terminals make them a link. */
export function errorLine({ file, line, column, message }: CompileError): string {
  return file === undefined ? message : `${file}:${line ?? 1}:${column ?? 1}: ${message}`;
}

async function readBuilt(root: string, path: string): Promise<FolderBuild> {
  const file = await isThere(join(root, path));
  if (file === undefined || !file.startsWith(root + sep))
    return {
      ok: false,
      code: 'ARCHIVE_INVALID',
      message: `plugin.json names the module ${path}, and there is no such file in ${root}. Build it first.`,
    };
  const wasm = await readFile(file);
  return { ok: true, wasm, sha256: sha256(wasm), sourceMap: undefined, sources: await textsBelow(root, 'src') };
}

async function isThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

async function textsBelow(root: string, folder: string): Promise<SourceModule[]> {
  if (!(await isThere(join(root, folder)))) return [];
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true });
  const texts: SourceModule[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const path = file.slice(root.length + 1).replaceAll(sep, '/');
    if (isUtf8(bytes)) texts.push({ path, text: bytes.toString('utf8'), sha256: sha256(bytes) });
  }
  return texts.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

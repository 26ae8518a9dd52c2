import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompileError, SourceModule } from '../compile/bundle.ts';
import { sdkVersion } from '../compile/sdk-version.ts';
import type { Issue } from '../contract/envelopes.ts';
import type { Manifest } from '../contract/manifest.ts';
import { pathViolation } from './archive-rules.ts';
import { sha256 } from './digest.ts';
import { parseManifest } from './parse-manifest.ts';
import { FIXTURES_FOLDER, packageFiles } from './plugin-package.ts';
import { buildFolder } from './build-folder.ts';
import { ENTRY, SOURCES_FOLDER, type SourceLock } from './source-lock.ts';
import { writeArchive } from './write-archive.ts';

export type PackOutcome =
  | {
      ok: true;
      bytes: Buffer;
      sha256: string;
      manifest: Manifest;
      moduleSha256: string;
      files: Map<string, Uint8Array>;
    }
  | { ok: false; code: 'COMPILE_FAILED'; message: string; errors: CompileError[] }
  | { ok: false; code: 'MANIFEST_INVALID'; message: string; issues: Issue[] }
  | { ok: false; code: 'ARCHIVE_INVALID'; message: string };

/**
 * Builds a plugin's folder and packs what belongs into a package: manifest, module, source map, every source text
 * of the bundle, README, changelog, icon and fixtures. The same sources give the same bytes.
 */
export async function packPlugin(folder: string): Promise<PackOutcome> {
  const root = await realpath(folder);
  const manifestText = await readIfPresent(join(root, packageFiles.manifest));
  if (manifestText === undefined)
    return { ok: false, code: 'ARCHIVE_INVALID', message: `There is no ${packageFiles.manifest} in ${folder}.` };
  const parsed = parseManifest(manifestText.toString('utf8'));
  if (!parsed.ok) return parsed;
  const { manifest } = parsed;

  const built = await buildFolder(root, manifest);
  if (!built.ok) return built;

  const files = new Map<string, Uint8Array>([
    [packageFiles.manifest, manifestText],
    [packageFiles.module, built.wasm],
  ]);
  if (built.sourceMap !== undefined) files.set(packageFiles.sourceMap, Buffer.from(built.sourceMap));
  for (const path of [packageFiles.readme, manifest.icon]) {
    const content = await readIfPresent(join(root, path));
    if (content === undefined)
      return { ok: false, code: 'ARCHIVE_INVALID', message: `There is no ${path} in ${folder}.` };
    files.set(path, content);
  }
  for (const path of [packageFiles.changelog, packageFiles.licence, packageFiles.notice]) {
    const content = await readIfPresent(join(root, path));
    if (content !== undefined) files.set(path, content);
  }
  for (const name of await fixtureNames(root))
    files.set(FIXTURES_FOLDER + name, await readFile(join(root, FIXTURES_FOLDER, name)));
  const entry = manifest.module === undefined ? ENTRY : null;
  addSources(files, entry, [...built.sources, ...(await packageDescriptions(root, built.sources))]);

  for (const path of files.keys()) {
    const problem = pathViolation(path);
    if (problem !== undefined)
      return { ok: false, code: 'ARCHIVE_INVALID', message: `"${path}" cannot be packed: ${problem.message}.` };
  }
  const bytes = await writeArchive(files);
  return { ok: true, bytes, sha256: sha256(bytes), manifest, moduleSha256: built.sha256, files };
}

function addSources(files: Map<string, Uint8Array>, entry: string | null, modules: readonly SourceModule[]): void {
  const lock: SourceLock = {
    sdk: sdkVersion(),
    entry,
    modules: modules
      .map(({ path, sha256: digest }) => ({ path, sha256: digest }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  for (const { path, text } of modules) files.set(SOURCES_FOLDER + path, Buffer.from(text));
  files.set(packageFiles.sources, Buffer.from(`${JSON.stringify(lock, null, 2)}\n`));
}

/** The package.json of each npm package in the bundle: without it an import of the package leads nowhere. */
async function packageDescriptions(root: string, modules: readonly SourceModule[]): Promise<SourceModule[]> {
  const names = new Set(modules.flatMap(({ path }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const found: SourceModule[] = [];
  for (const name of names) {
    const path = `node_modules/${name}/package.json`;
    const content = modules.some((module) => module.path === path) ? undefined : await readIfPresent(join(root, path));
    if (content !== undefined) found.push({ path, text: content.toString('utf8'), sha256: sha256(content) });
  }
  return found;
}

async function fixtureNames(root: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, FIXTURES_FOLDER), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

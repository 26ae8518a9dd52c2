import type { Issue } from '../contract/envelopes.ts';
import { packageLimits, sandboxLimits } from '../contract/limits.ts';
import type { ArchiveRule } from './archive-rules.ts';
import { contentDigest, sha256 } from './digest.ts';
import { parseManifest } from './parse-manifest.ts';
import { FIXTURES_FOLDER, packageFiles, type PluginPackage } from './plugin-package.ts';
import { readArchive } from './read-archive.ts';
import { SOURCES_FOLDER, sourceLockSchema, type SourceLock } from './source-lock.ts';

export type PackageResult =
  | { ok: true; package: PluginPackage }
  | { ok: false; code: 'ARCHIVE_INVALID'; message: string; rule: ArchiveRule; entry: string }
  | { ok: false; code: 'MANIFEST_INVALID'; message: string; issues: Issue[] };

/**
 * Reads a package from its bytes, whoever sent them. Expected failures are values; reading stops at the first one,
 * with the rule and the entry that break it.
 */
export async function readPackage(bytes: Uint8Array): Promise<PackageResult> {
  const archive = await readArchive(bytes);
  if (!archive.ok) return refuse(archive.violation.rule, archive.violation.entry, archive.violation.message);
  const { files } = archive;

  for (const path of files.keys())
    if (
      path.toLowerCase().split('/').at(-1) === packageFiles.manifest &&
      path !== packageFiles.manifest &&
      !inSources(path)
    )
      return refuse('one-manifest', path, 'a package has one plugin.json, at its top');
  const manifestText = files.get(packageFiles.manifest);
  if (manifestText === undefined) return refuse('one-manifest', packageFiles.manifest, 'it is missing');
  const parsed = parseManifest(manifestText.toString('utf8'));
  if (!parsed.ok) return parsed;
  const { manifest } = parsed;

  const bounds: [path: string, maxBytes: number, required: boolean][] = [
    [packageFiles.module, sandboxLimits.moduleBytes, true],
    [packageFiles.sourceMap, packageLimits.unpackedBytes, false],
    [packageFiles.readme, packageLimits.readmeBytes, true],
    [packageFiles.changelog, packageLimits.readmeBytes, false],
    [packageFiles.sources, packageLimits.readmeBytes, true],
    [manifest.icon, packageLimits.iconBytes, true],
  ];
  for (const [path, maxBytes, required] of bounds) {
    const file = files.get(path);
    if (file === undefined && required) return refuse('missing-file', path, 'it is missing');
    if (file !== undefined && file.length > maxBytes)
      return refuse('unpacked-size', path, `it is larger than ${maxBytes} bytes`);
  }
  const readme = files.get(packageFiles.readme)?.toString('utf8') ?? '';
  if (readme.trim() === '')
    return refuse('missing-file', packageFiles.readme, 'it says nothing, and the marketplace shows it');
  const known = new Set<string>([...Object.values(packageFiles), manifest.icon]);
  for (const path of files.keys())
    if (!known.has(path) && !inSources(path) && !(path.startsWith(FIXTURES_FOLDER) && path.endsWith('.json')))
      return refuse('unexpected-file', path, 'a package holds nothing but what the format names');

  const sources = readSources(files, manifest.module === undefined);
  if (!sources.ok) return sources;
  const text = (path: string) => files.get(path)?.toString('utf8') ?? null;
  const module = files.get(packageFiles.module) ?? Buffer.alloc(0);
  return {
    ok: true,
    package: {
      sha256: sha256(bytes),
      packedBytes: bytes.length,
      contentDigest: contentDigest(files),
      manifest,
      module,
      moduleSha256: sha256(module),
      sourceMap: text(packageFiles.sourceMap),
      readme,
      changelog: text(packageFiles.changelog),
      icon: text(manifest.icon) ?? '',
      sources: sources.lock,
      files,
    },
  };
}

/** The lock names exactly the files below `sources/`, with their digests. */
function readSources(
  files: ReadonlyMap<string, Buffer>,
  compiled: boolean,
): { ok: true; lock: SourceLock } | Extract<PackageResult, { code: 'ARCHIVE_INVALID' }> {
  const lock = sourceLockSchema.safeParse(parseJson(files.get(packageFiles.sources)));
  if (!lock.success) return refuse('sources', packageFiles.sources, 'it is not a list of source modules');
  const listed = new Set(lock.data.modules.map(({ path }) => SOURCES_FOLDER + path));
  for (const path of files.keys())
    if (inSources(path) && !listed.has(path))
      return refuse('sources', path, `${packageFiles.sources} does not list it`);
  for (const { path, sha256: digest } of lock.data.modules) {
    const file = files.get(SOURCES_FOLDER + path);
    if (file === undefined) return refuse('sources', path, `${packageFiles.sources} lists it, and it is missing`);
    if (sha256(file) !== digest) return refuse('sources', path, `its digest is not the one in ${packageFiles.sources}`);
  }
  const { entry } = lock.data;
  if ((entry !== null) !== compiled)
    return refuse(
      'sources',
      packageFiles.sources,
      'it and plugin.json differ on whether the module was built elsewhere',
    );
  if (entry !== null && !listed.has(SOURCES_FOLDER + entry))
    return refuse('sources', entry, 'the entry is not among the sources');
  return { ok: true, lock: lock.data };
}

function inSources(path: string): boolean {
  return path.startsWith(SOURCES_FOLDER);
}

function parseJson(bytes: Buffer | undefined): unknown {
  try {
    return bytes === undefined ? undefined : (JSON.parse(bytes.toString('utf8')) as unknown);
  } catch {
    return undefined;
  }
}

function refuse(
  rule: ArchiveRule,
  entry: string,
  message: string,
): Extract<PackageResult, { code: 'ARCHIVE_INVALID' }> {
  const where = entry === '' ? 'The package' : `"${entry}"`;
  return { ok: false, code: 'ARCHIVE_INVALID', message: `${where} breaks the rule ${rule}: ${message}.`, rule, entry };
}

import type { Manifest } from '../contract/manifest.ts';
import type { SourceLock } from './source-lock.ts';

/** Names of the files that a package holds beside `sources/`, `fixtures/` and the icon named by the manifest. */
export const packageFiles = {
  manifest: 'plugin.json',
  module: 'module.wasm',
  sourceMap: 'module.wasm.map',
  sources: 'sources.json',
  readme: 'README.md',
  changelog: 'CHANGELOG.md',
  licence: 'LICENSE',
  notice: 'NOTICE',
} as const;

export const FIXTURES_FOLDER = 'fixtures/';

/** A package that keeps to the archive rules and whose manifest is valid. Nothing is said about who made it. */
export interface PluginPackage {
  /** Of the exact bytes, hex: what is signed, stored and pinned. */
  sha256: string;
  packedBytes: number;
  contentDigest: string;
  manifest: Manifest;
  module: Uint8Array;
  moduleSha256: string;
  sourceMap: string | null;
  readme: string;
  changelog: string | null;
  /** SVG as the author wrote it; not yet safe to show. */
  icon: string;
  sources: SourceLock;
  /** All files by path. */
  files: ReadonlyMap<string, Buffer>;
}

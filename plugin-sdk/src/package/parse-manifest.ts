import { manifestSchema, type Manifest } from '../contract/manifest.ts';
import type { Issue } from '../contract/envelopes.ts';

export type ManifestResult =
  { ok: true; manifest: Manifest } | { ok: false; code: 'MANIFEST_INVALID'; message: string; issues: Issue[] };

/** Reads plugin.json; every mistake is reported, with its path. */
export function parseManifest(text: string): ManifestResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return invalid([{ path: '', message: error instanceof Error ? error.message : 'not JSON' }]);
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  return invalid(
    parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })),
  );
}

function invalid(issues: Issue[]): ManifestResult {
  const shown = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return { ok: false, code: 'MANIFEST_INVALID', message: `plugin.json: ${shown}`, issues };
}

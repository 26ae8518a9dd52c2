import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { manifestSchema, type ManifestInput } from '../../contract/manifest.ts';
import { compilePlugin, type CompileOutcome } from '../compile-plugin.ts';

/** A manifest that a test need not spell out. */
export function testManifest(changes: Partial<ManifestInput> = {}) {
  return manifestSchema.parse({
    id: 'test/plugin',
    version: '1.0.0',
    hostApi: '^1.0.0',
    name: 'Test',
    summary: 'For a test',
    licence: 'Apache-2.0',
    categories: ['generic'],
    provides: ['ingest'],
    ...((changes.provides ?? ['ingest']).includes('ingest') ? { integrationType: 'test' } : {}),
    ...changes,
  });
}

export const allPermissions: ManifestInput['permissions'] = {
  http: [{ host: 'api.example.com', methods: ['GET', 'POST'] }],
  store: { bytes: 1000 },
  emit: { kinds: ['note'] },
  schedule: { maxDelaySeconds: 60 },
};

/** Compiles a plugin given as texts by path, `src/index.ts` among them, from a fresh folder. */
export async function compileText(
  files: Record<string, string>,
  changes: Partial<ManifestInput> = {},
): Promise<CompileOutcome> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-compile-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return await compilePlugin({ entry: join(root, 'src/index.ts'), root, manifest: testManifest(changes) });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** As compileText, for plugins that compile. */
export async function compiled(files: Record<string, string> | string, changes: Partial<ManifestInput> = {}) {
  const outcome = await compileText(typeof files === 'string' ? { 'src/index.ts': files } : files, changes);
  if (!outcome.ok) throw new Error(`It does not compile: ${JSON.stringify(outcome.errors)}`);
  return outcome;
}

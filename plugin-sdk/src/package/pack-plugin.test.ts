import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initPlugin } from './init-plugin.ts';
import { packPlugin } from './pack-plugin.ts';
import { packageFiles } from './plugin-package.ts';
import { readPackage } from './read-package.ts';
import { writeArchive } from './write-archive.ts';

let parent: string;
let folder: string;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'patchbay-pack-'));
  folder = join(parent, 'probe');
  await initPlugin(folder, 'acme/probe', 'ingest');
  const packed = await packPlugin(folder);
  if (!packed.ok) throw new Error(packed.message);
  files = packed.files;
});
afterAll(() => rm(parent, { recursive: true, force: true }));

describe('packing', () => {
  it('gives the same bytes for the same source, wherever it lies', async () => {
    const elsewhere = join(parent, 'elsewhere');
    await initPlugin(elsewhere, 'acme/probe', 'ingest');
    const [one, other] = await Promise.all([packPlugin(folder), packPlugin(elsewhere)]);
    expect(one.ok && other.ok && one.bytes.equals(other.bytes)).toBe(true);
  });

  it('is read back with manifest, module, texts and sources', async () => {
    const read = await readPackage(await writeArchive(files));
    expect(read.ok && read.package).toMatchObject({
      manifest: { id: 'acme/probe', version: '0.1.0' },
      sources: { entry: 'src/index.ts', modules: [{ path: 'src/index.ts' }] },
      changelog: expect.stringContaining('First version'),
    });
  });

  it('names file and line of a mistake in the source', async () => {
    const broken = join(parent, 'broken');
    await initPlugin(broken, 'acme/broken', 'ingest');
    await writeFile(join(broken, 'src/index.ts'), 'export default 1;\nimport { gone } from "./gone.ts";\ngone();\n');
    const packed = await packPlugin(broken);
    expect(packed).toMatchObject({
      ok: false,
      code: 'COMPILE_FAILED',
      message: expect.stringContaining('src/index.ts:2:'),
    });
  });

  it('names the path of a mistake in the manifest', async () => {
    const wrong = join(parent, 'wrong');
    await initPlugin(wrong, 'acme/wrong', 'ingest');
    const file = join(wrong, packageFiles.manifest);
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...manifest, integrationType: 'webhooks', colour: 'red' }));
    const packed = await packPlugin(wrong);
    expect(packed).toMatchObject({ ok: false, code: 'MANIFEST_INVALID' });
    expect(packed.ok || packed.message).toMatch(/integrationType.*colour/s);
  });

  it('says which file is missing', async () => {
    const bare = join(parent, 'bare');
    await initPlugin(bare, 'acme/bare', 'ingest');
    await rm(join(bare, 'README.md'));
    expect(await packPlugin(bare)).toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringContaining('README.md'),
    });
  });
});

describe('a package', () => {
  const without = async (path: string) => {
    const less = new Map(files);
    less.delete(path);
    return readPackage(await writeArchive(less));
  };
  const having = async (path: string, content: string) =>
    readPackage(await writeArchive(new Map([...files, [path, Buffer.from(content)]])));

  it.each([
    ['module.wasm', 'missing-file'],
    ['README.md', 'missing-file'],
    ['icon.svg', 'missing-file'],
    ['sources.json', 'missing-file'],
    ['plugin.json', 'one-manifest'],
  ])('without %s is refused by the rule %s', async (entry, rule) => {
    expect(await without(entry)).toMatchObject({ ok: false, code: 'ARCHIVE_INVALID', rule, entry });
  });

  it.each([
    ['fixtures/plugin.json', '{}', 'one-manifest'],
    ['payload.exe', 'MZ', 'unexpected-file'],
    ['fixtures/run.sh', 'echo', 'unexpected-file'],
    ['sources/src/hidden.ts', 'export {};', 'sources'],
    ['sources/src/index.ts', 'export default {};', 'sources'],
    ['sources.json', '{"modules":[]}', 'sources'],
    ['README.md', 'x'.repeat(300_000), 'unpacked-size'],
  ])('with another %s is refused', async (entry, content, rule) => {
    expect(await having(entry, content)).toMatchObject({ ok: false, code: 'ARCHIVE_INVALID', rule });
  });

  it('whose manifest breaks the schema is refused with every path', async () => {
    expect(await having('plugin.json', '{"id":"Acme","version":"1"}')).toMatchObject({
      code: 'MANIFEST_INVALID',
      issues: expect.arrayContaining([
        expect.objectContaining({ path: 'id' }),
        expect.objectContaining({ path: 'version' }),
      ]),
    });
  });
});

import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPackage } from '../checks/check-package.ts';
import { reproduceInChild } from '../checks/reproduce-in-child.ts';
import { noProgress } from '../cli/progress.ts';
import { sandboxFixtureTools } from '../checks/sandbox-fixture-tools.ts';
import { runCommand } from '../cli/run-command.ts';
import { initPlugin } from '../package/init-plugin.ts';
import { packPlugin } from '../package/pack-plugin.ts';
import { packageFiles } from '../package/plugin-package.ts';
import { readPackage } from '../package/read-package.ts';
import { writeArchive } from '../package/write-archive.ts';
import { compileAssemblyScript } from '../sandbox/foreign/compile-foreign.ts';
import { assemblyScriptPlugin } from '../sandbox/foreign/sources.ts';
import { closePluginRuns } from './plugin-sandbox.ts';
import { runPlugin } from './run-plugin.ts';

const SETTING_UP_MS = 120_000;
let parent: string;
let folder: string;

const input = (summary: string) => ({
  abi: 1 as const,
  configuration: {},
  request: {
    id: 'req_1',
    receivedAt: '2026-01-01T00:00:00.000Z',
    method: 'POST' as const,
    headers: {},
    query: {},
    contentType: 'application/json',
    body: { text: JSON.stringify({ summary }) },
  },
});

const manifest = (more: object = {}) =>
  JSON.stringify({
    id: 'acme/foreign',
    version: '0.1.0',
    hostApi: '^1.0.0',
    name: 'Foreign',
    summary: 'Built by another compiler',
    licence: 'Apache-2.0',
    categories: ['generic'],
    provides: ['ingest', 'deliver'],
    integrationType: 'foreign',
    module: 'build/plugin.wasm',
    permissions: { http: [{ host: 'api.example.com', methods: ['POST'] }] },
    ...more,
  });

beforeAll(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-prebuilt-')));
  folder = join(parent, 'foreign');
  await initPlugin(folder, 'acme/foreign', 'ingest');
  await Promise.all(['src', 'fixtures'].map((name) => rm(join(folder, name), { recursive: true })));
  for (const name of ['build', 'src', 'fixtures']) await mkdir(join(folder, name));
  const { wasm } = await compileAssemblyScript(assemblyScriptPlugin);
  await writeFile(join(folder, 'build/plugin.wasm'), wasm);
  await writeFile(join(folder, 'src/plugin.as'), assemblyScriptPlugin);
  await writeFile(join(folder, 'plugin.json'), manifest());
}, SETTING_UP_MS);
afterAll(async () => {
  await closePluginRuns();
  await rm(parent, { recursive: true, force: true });
});

describe('a plugin whose module another compiler made', () => {
  it('runs from its folder', async () => {
    const outcome = await runPlugin({ folder, export: 'ingest', input: input('Disk full') });
    expect(outcome).toMatchObject({ outcome: 'events', events: [{ payload: { summary: 'Disk full', source: 'as' } }] });
  });

  it('runs from the command line, as a folder and as a package', async () => {
    const body = join(parent, 'body.json');
    await writeFile(body, '{"summary":"Disk full"}');
    const packed = await packPlugin(folder);
    if (!packed.ok) throw new Error(packed.message);
    const file = join(parent, 'foreign.tgz');
    await writeFile(file, packed.bytes);
    for (const path of [folder, file]) {
      const { exitCode, lines } = await runCommand(path, 'ingest', body, { header: [], query: [] }, noProgress);
      expect({ exitCode, lines: lines.slice(0, 2) }).toEqual({
        exitCode: 0,
        lines: ['events: 1', '  trigger  error  "Disk full"  Disk full'],
      });
    }
  });

  it('is packed with the texts that its author gives, and the registry says that it cannot be made again', async () => {
    const packed = await packPlugin(folder);
    if (!packed.ok) throw new Error(packed.message);
    expect([...packed.files.keys()]).toEqual(expect.arrayContaining([packageFiles.module, 'sources/src/plugin.as']));
    expect(packed.files.has(packageFiles.sourceMap)).toBe(false);
    const { results, package: subject } = await checkPackage(packed.bytes, {
      ...sandboxFixtureTools(),
      reproduce: reproduceInChild,
    });
    expect(subject?.sources).toMatchObject({ entry: null, modules: [{ path: 'src/plugin.as' }] });
    expect(results.find(({ name }) => name === 'reproduction')).toMatchObject({
      outcome: 'passed',
      summary: 'Not reproducible: the module was built elsewhere.',
      findings: [{ rule: 'reproduction.prebuilt', level: 'warning', place: packageFiles.module }],
    });
    expect(results.filter(({ name }) => name === 'imports' || name === 'module')).toMatchObject([
      { outcome: 'passed', findings: [] },
      { outcome: 'passed', findings: [] },
    ]);
  });

  it('is refused when it can do more than its manifest grants, by the name of the function', async () => {
    const ungranted = join(parent, 'ungranted');
    await mkdir(join(ungranted, 'build'), { recursive: true });
    const { wasm } = await compileAssemblyScript(assemblyScriptPlugin);
    await writeFile(join(ungranted, 'build/plugin.wasm'), wasm);
    await writeFile(join(ungranted, 'plugin.json'), manifest({ permissions: {} }));
    expect(await runPlugin({ folder: ungranted, export: 'ingest', input: input('x') })).toMatchObject({
      outcome: 'error',
      code: 'PERMISSIONS_UNPROVEN',
      message: expect.stringMatching(/module\.permissions \(import \d+\): .*"http_request".*permissions\.http/),
    });
  });

  it.each(['../outside.wasm', '/etc/outside.wasm', 'a/../b.wasm', 'module.js', './x.wasm'])(
    'names no module such as %s',
    async (module) => {
      const wrong = join(parent, 'wrong');
      await mkdir(wrong, { recursive: true });
      await writeFile(join(wrong, 'plugin.json'), manifest({ module }));
      expect(await packPlugin(wrong)).toMatchObject({ ok: false, code: 'MANIFEST_INVALID' });
    },
  );

  it('is not read from outside its folder, nor when it is missing', async () => {
    const linked = join(parent, 'linked');
    await mkdir(linked);
    await writeFile(join(linked, 'plugin.json'), manifest({ module: 'plugin.wasm' }));
    const missing = { ok: false, code: 'ARCHIVE_INVALID', message: expect.stringContaining('Build it first') };
    expect(await packPlugin(linked)).toMatchObject(missing);
    await symlink(join(folder, 'build/plugin.wasm'), join(linked, 'plugin.wasm'));
    expect(await packPlugin(linked)).toMatchObject(missing);
  });

  it('cannot pass for one that the SDK compiled, nor the other way round', async () => {
    const packed = await packPlugin(folder);
    if (!packed.ok) throw new Error(packed.message);
    const { module: _module, ...without } = JSON.parse(manifest()) as Record<string, unknown>;
    const files = new Map(packed.files).set(packageFiles.manifest, Buffer.from(JSON.stringify(without)));
    expect(await readPackage(await writeArchive(files))).toMatchObject({
      ok: false,
      code: 'ARCHIVE_INVALID',
      rule: 'sources',
    });
  });
});

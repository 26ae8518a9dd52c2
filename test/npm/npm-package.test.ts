import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sdk = join(root, 'plugin-sdk');
const packedSchema = z.tuple([
  z.object({ filename: z.string(), size: z.int(), files: z.array(z.object({ path: z.string() })) }),
]);
const manifestSchema = z.object({
  name: z.literal('@patchbay/plugin-sdk'),
  license: z.literal('Apache-2.0'),
  engines: z.object({ node: z.string() }),
  bin: z.object({ patchbay: z.string() }),
  exports: z.record(z.string(), z.unknown()),
  dependencies: z.record(z.string(), z.string().regex(/^\d/)),
});
const builtSchema = z.object({ sha256: z.string() });
const MIB = 1024 * 1024;

interface Ended {
  code: number;
  output: string;
  errors: string;
}

function run(cwd: string, command: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 32 * MIB }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output, errors });
    });
  });
}
const node = (cwd: string, ...args: string[]) => run(cwd, process.execPath, ...args);

/** The package as npm would install it, but for its dependencies: these are the workspace's, so that no registry is needed. */
describe('the SDK as a package of npm', () => {
  let folder: string;
  let packed: z.infer<typeof packedSchema>[0];
  let manifest: z.infer<typeof manifestSchema>;
  /** Where an author works, and what stands for the command in node_modules/.bin. */
  let author: string;
  let plugin: string;
  const installed = (at: string) => join(at, 'node_modules', '@patchbay', 'plugin-sdk');
  const patchbay = (at: string, cwd: string, ...args: string[]) =>
    node(cwd, join(installed(at), manifest.bin.patchbay), ...args);

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-npm-')));
    const made = await node(root, join(sdk, 'build', 'build-npm.mjs'));
    expect(made.errors).toBe('');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const pack = await run(folder, npm, 'pack', '--json', '--pack-destination', folder, made.output.trim());
    expect(pack.code, pack.errors).toBe(0);
    [packed] = packedSchema.parse(JSON.parse(pack.output));
    author = join(folder, 'author');
    plugin = join(author, 'probe');
    const modules = join(author, 'node_modules');
    await mkdir(join(modules, '@patchbay'), { recursive: true });
    const unpacked = await run(modules, 'tar', '-xzf', join(folder, packed.filename));
    expect(unpacked.code, unpacked.errors).toBe(0);
    await rename(join(modules, 'package'), installed(author));
    manifest = manifestSchema.parse(JSON.parse(await readFile(join(installed(author), 'package.json'), 'utf8')));
    // Only what the package says that it needs.
    for (const name of Object.keys(manifest.dependencies)) {
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(await realpath(join(sdk, 'node_modules', name)), join(modules, name), 'junction');
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds the command, JavaScript, types, README and licence, and nothing of the workspace', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['README.md', 'LICENSE', 'dist/cli.mjs', 'dist/sandbox-child.mjs', 'dist/reproduce-child.mjs'],
        ...['lib/guest/index.js', 'lib/guest/index.d.ts', 'lib/guest/globals.d.ts', 'lib/testing/run-plugin.d.ts'],
        ...['dist/engine/prelude.js', 'schema/plugin.json', 'src/guest/index.ts'],
      ]),
    );
    expect(paths.filter((path) => /\.test\.|node_modules|tsbuildinfo|\.stamp$/.test(path))).toEqual([]);
    expect(packed.size).toBeLessThan(8 * MIB);
  });

  it('names only files that are there', async () => {
    const named = JSON.stringify([manifest.exports, manifest.bin]).match(/\.\/[\w/.*-]+\.\w+/g) ?? [];
    const present = new Set((await readdir(installed(author), { recursive: true })).map((path) => `./${path}`));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !path.includes('*') && !present.has(path.replaceAll('\\', '/')))).toEqual([]);
  });

  it('makes a plugin and tests it', async () => {
    expect(await patchbay(author, author, 'init', 'acme/probe', '--template', 'both')).toMatchObject({ code: 0 });
    const tested = await patchbay(author, author, 'test', 'probe');
    expect(tested).toMatchObject({ code: 0, output: expect.stringContaining('6 passed, 0 failed') });
  });

  it('has types with which the plugin is checked, and by which a mistake is found', async () => {
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
    const types = () => node(plugin, tsc, '-p', '.');
    expect(await types()).toEqual({ code: 0, output: '', errors: '' });
    const file = join(plugin, 'src', 'index.ts');
    const source = await readFile(file, 'utf8');
    await writeFile(file, source.replace("event_action: body.state === 'firing' ? 'trigger'", "event_action: 'frob'"));
    const wrong = await types();
    await writeFile(file, source);
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain('src/index.ts');
  });

  it('runs a plugin from a test of its author', async () => {
    const script = `
      import { runPlugin } from '@patchbay/plugin-sdk/testing/run-plugin';
      import { ABI_VERSION } from '@patchbay/plugin-sdk/contract/envelopes';
      const body = { text: '{"alert":"Disk full","host":"db-1","state":"firing"}' };
      const request = { id: 'r', receivedAt: '2026-01-01T00:00:00Z', method: 'POST', headers: {}, query: {} };
      const input = { abi: ABI_VERSION, request: { ...request, contentType: 'application/json', body }, configuration: {} };
      const { outcome, events } = await runPlugin({ folder: 'probe', export: 'ingest', input });
      console.log(JSON.stringify({ outcome, summary: events?.[0]?.payload.summary }));
    `;
    await writeFile(join(author, 'script.mjs'), script);
    const ran = await node(author, 'script.mjs');
    expect(ran.errors).toBe('');
    expect(JSON.parse(ran.output)).toEqual({ outcome: 'events', summary: 'Disk full on db-1' });
  });

  it('compiles to the very module that the workspace makes, also when it is installed in the plugin’s own folder', async () => {
    const sha256 = async (built: Promise<Ended>) => builtSchema.parse(JSON.parse((await built).output)).sha256;
    const here = await sha256(node(author, join(sdk, 'dist', 'cli.mjs'), 'build', 'probe', '--json'));
    expect(await sha256(patchbay(author, author, 'build', 'probe', '--json'))).toBe(here);
    await rename(join(author, 'node_modules'), join(plugin, 'node_modules'));
    expect(await sha256(patchbay(plugin, plugin, 'build', '.', '--json'))).toBe(here);
    const checked = await patchbay(plugin, plugin, 'check', '.');
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('12 of 12 checks passed') });
  });
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleScript, type SourceModule } from './bundle.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const packageFiles = {
  'package.json': '{"name":"old","main":"./lib/main.js"}',
  'lib/main.js': 'const other = require("./other.js"); exports.twice = (n) => other.half(n) * 4;',
  'lib/other.js': 'exports.half = (n) => n / 2;',
};
const plugin = {
  'package.json': '{"type":"module"}',
  'src/index.ts': 'import { twice } from "old"; export const four: number = twice(2);',
};

async function write(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

it('gives the same script wherever a CommonJS package lies', async () => {
  // As pnpm lays packages out, and as the sources of a package are laid out.
  await write(join(folder, 'a/.pnpm/old@1/node_modules/old'), packageFiles);
  await write(join(folder, 'a/plugin'), plugin);
  await mkdir(join(folder, 'a/plugin/node_modules'));
  await symlink(join(folder, 'a/.pnpm/old@1/node_modules/old'), join(folder, 'a/plugin/node_modules/old'), 'junction');
  await write(join(folder, 'b'), plugin);
  await write(join(folder, 'b/node_modules/old'), packageFiles);

  const scripts: string[] = [];
  for (const root of [join(folder, 'a/plugin'), join(folder, 'b')]) {
    const modules = new Map<string, SourceModule>();
    const outcome = await bundleScript({ entry: join(root, 'src/index.ts') }, root, modules);
    if (!outcome.ok) throw new Error(outcome.errors.map(({ message }) => message).join());
    scripts.push(outcome.code);
    expect([...modules.keys()].sort()).toEqual([
      'node_modules/old/lib/main.js',
      'node_modules/old/lib/other.js',
      'src/index.ts',
    ]);
    const { sources } = JSON.parse(outcome.sourceMap) as { sources: string[] };
    expect([...sources].sort()).toEqual([...modules.keys()].sort());
  }
  expect(scripts[0]).toBe(scripts[1]);
});

import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchFolder } from './watch-folder.ts';

const PATIENCE = { timeout: 20_000 };

describe('a folder that is watched', () => {
  let root: string;
  let told: string[];
  let end: () => void;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-watch-')));
    await mkdir(join(root, 'src'));
    await mkdir(join(root, 'dist'));
    await writeFile(join(root, 'src/index.ts'), '0');
    told = [];
    end = watchFolder(root, (path) => told.push(path));
  });
  afterEach(async () => {
    end();
    await rm(root, { recursive: true });
  });

  const heard = (...paths: string[]) => expect.poll(() => told, PATIENCE).toEqual(paths.map((path) => join(path)));

  it('tells of a file however often an editor puts another in its place', async () => {
    const file = join(root, 'src/index.ts');
    const before: string[] = [];
    for (let count = 1; count <= 4; count++) {
      // As Vim, JetBrains' safe write and sed -i save.
      await writeFile(join(root, 'src/saved'), String(count));
      await rename(join(root, 'src/saved'), file);
      before.push('src/index.ts');
      await heard(...before);
    }
    await writeFile(file, 'in place');
    await heard(...before, 'src/index.ts');
  });

  it('tells of a file in a folder that was not there at first', async () => {
    await mkdir(join(root, 'src/shapes/deep'), { recursive: true });
    await heard('src/shapes');
    await writeFile(join(root, 'src/shapes/deep/alert.schema.ts'), '1');
    await heard('src/shapes', 'src/shapes/deep/alert.schema.ts');
  });

  it('tells of what is taken away', async () => {
    await rm(join(root, 'src/index.ts'));
    await heard('src/index.ts');
  });

  it('tells of what is in a folder that another was put in the place of', async () => {
    for (let count = 1; count <= 2; count++) {
      told.length = 0;
      await rm(join(root, 'src'), { recursive: true });
      await mkdir(join(root, 'src'));
      await expect.poll(() => told, PATIENCE).not.toEqual([]);
      told.length = 0;
      await writeFile(join(root, 'src/index.ts'), String(count));
      await expect.poll(() => told, PATIENCE).toEqual([join('src/index.ts')]);
    }
  });

  it('says nothing of what a build writes', async () => {
    await writeFile(join(root, 'dist/module.wasm'), '1');
    await writeFile(join(root, 'src/.index.ts.swp'), '1');
    await writeFile(join(root, 'plugin.json'), '{}');
    await heard('plugin.json');
  });
});

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILE = 'sandbox-child.mjs';

/**
 * Where the child's bundle is: in the SDK's dist folder, or beside the bundle that this code became part of. When the
 * sources are there and are newer, it is built first, so that a test never runs an old one.
 *
 * @returns an absolute path without symbolic links, because the child may read exactly this path
 */
export async function childBundle(): Promise<string> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const file = [here(`../../dist/${FILE}`), here(`./${FILE}`)].find((path) => existsSync(path));
  const builder = new URL('../../build/build-sandbox-child.mjs', import.meta.url);
  if (!existsSync(fileURLToPath(builder))) {
    if (file === undefined) throw new Error(`${FILE} is missing; build the SDK, or name it by options.childBundle`);
    return realpathSync(file);
  }
  const sources = [here('./'), here('./child/'), here('../contract/'), here('../../build/')];
  if (file !== undefined && statSync(file).mtimeMs > Math.max(...sources.map(newestIn))) return realpathSync(file);
  // Whoever asks meanwhile waits for the same build: both would write one file.
  building ??= build(builder.href).finally(() => (building = undefined));
  return realpathSync(await building);
}

let building: Promise<string> | undefined;

async function build(builder: string): Promise<string> {
  const { buildSandboxChild } = (await import(builder)) as { buildSandboxChild(): Promise<string> };
  return buildSandboxChild();
}

function newestIn(folder: string): number {
  const files = readdirSync(folder).filter((name) => !name.includes('.test.'));
  return Math.max(0, ...files.map((name) => statSync(join(folder, name)).mtimeMs));
}

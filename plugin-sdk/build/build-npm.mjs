// Makes the package that goes to npm, in dist/npm: `npm pack plugin-sdk/dist/npm`, `npm publish plugin-sdk/dist/npm`.
// In the workspace the SDK is used from its sources; Node takes no TypeScript from node_modules, so the package has
// JavaScript and declarations in lib/, which lies as deep as src/. The sources that every plugin is compiled with are
// in it as they are: the same bytes have to come of a plugin here and there.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const sdk = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(sdk, 'dist', 'npm');

const BUILT = ['cli.mjs', 'sandbox-child.mjs', 'reproduce-child.mjs', 'engine'];
/** What `src/guest/index.ts` reaches; the prelude is in the engine. */
const COMPILED_WITH = ['src/guest', 'src/contract'];
const IS_TEST = /\.test\.ts$|[\\/]prelude([\\/]|$)/;

/** @returns {Promise<string>} the folder of the package */
export async function buildNpmPackage() {
  const manifest = JSON.parse(await readFile(join(sdk, 'package.json'), 'utf8'));
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const name of BUILT) await cp(join(sdk, 'dist', name), join(out, 'dist', name), { recursive: true });
  for (const folder of COMPILED_WITH)
    await cp(join(sdk, folder), join(out, folder), { recursive: true, filter: (path) => !IS_TEST.test(path) });
  await cp(join(sdk, 'schema'), join(out, 'schema'), { recursive: true });
  await cp(join(sdk, 'README.md'), join(out, 'README.md'));
  await cp(join(sdk, '..', 'LICENSE'), join(out, 'LICENSE'));
  await compile('tsconfig.npm-node.json');
  await compile('tsconfig.npm-guest.json');
  await giveGlobals();
  await writeFile(join(out, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
  return out;
}

async function compile(config) {
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', join(sdk, 'build', config)], { cwd: sdk });
  } catch (error) {
    throw new Error(`The types of the npm package cannot be made:\n${error.stdout}`, { cause: error });
  }
}

/** Whoever imports the SDK has the globals of a plugin, such as its `fetch`. */
async function giveGlobals() {
  const guest = join(out, 'lib', 'guest');
  await cp(join(sdk, 'src', 'guest', 'globals.d.ts'), join(guest, 'globals.d.ts'));
  const index = join(guest, 'index.d.ts');
  await writeFile(index, `/// <reference path="./globals.d.ts" />\n${await readFile(index, 'utf8')}`);
}

function published({ name, version, license, type, engines, dependencies, bin }) {
  const module = (path) => ({ types: `./lib/${path}.d.ts`, default: `./lib/${path}.js` });
  return {
    name,
    version,
    description: 'Write, test and publish plugins for Patchbay: incidents in and out, in a WebAssembly sandbox.',
    keywords: ['patchbay', 'plugin', 'webassembly', 'extism', 'incident', 'alerting', 'webhook'],
    license,
    type,
    engines,
    bin,
    exports: {
      '.': module('guest/index'),
      './contract/*': module('contract/*'),
      './testing/run-plugin': module('testing/run-plugin'),
      './schema/*': './schema/*',
      './package.json': './package.json',
    },
    types: './lib/guest/index.d.ts',
    files: ['dist', 'lib', 'src', 'schema'],
    dependencies,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.log(await buildNpmPackage());

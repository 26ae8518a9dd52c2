// Builds what the SDK needs at run time into dist/: the engine's variants, the prelude and the sandbox's child process.
// A step is skipped while the digest of its inputs is the one that its stamp file holds.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildReproduceChild } from './build-reproduce-child.mjs';
import { buildSandboxChild } from './build-sandbox-child.mjs';

const sdk = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(sdk, 'dist');
const started = performance.now();
const say = (line) => console.log(`[sdk ${((performance.now() - started) / 1000).toFixed(1)} s] ${line}`);

async function filesUnder(path) {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function digestOf(inputs, ingredients) {
  const hash = createHash('sha256').update(JSON.stringify(ingredients));
  for (const input of inputs) {
    const content = await readFile(input);
    hash.update(`${relative(sdk, input)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** `inputs` are files, `ingredients` whatever else decides the outcome. */
async function step(name, { inputs, ingredients = [], outputs }, work) {
  const stamp = join(dist, `${name}.stamp`);
  const digest = await digestOf(inputs, ingredients);
  const recorded = await readFile(stamp, 'utf8').catch(() => '');
  const present = await Promise.all(
    outputs.map((output) =>
      readFile(join(dist, output)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (recorded === digest && present.every(Boolean)) return say(`${name}: up to date`);
  await rm(stamp, { force: true });
  await mkdir(dist, { recursive: true });
  await work();
  await writeFile(stamp, digest);
  say(`${name}: built`);
}

// Exact versions: package.json pins them.
const { dependencies } = JSON.parse(await readFile(join(sdk, 'package.json'), 'utf8'));
const engineBuilder = join(dist, 'build-engine.mjs');
await build({
  entryPoints: [join(sdk, 'src/engine/build-engine.ts')],
  outfile: engineBuilder,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { buildEngine, engineIngredients } = await import(pathToFileURL(engineBuilder).href);
const engineSources = ['glue/glue.ts', 'build-engine.ts', 'capability-sets.ts', 'wasm-sections.ts'];

await step(
  'engine',
  {
    inputs: engineSources.map((file) => join(sdk, 'src/engine', file)),
    ingredients: [engineIngredients, dependencies.assemblyscript, dependencies.binaryen, dependencies['quickjs-wasi']],
    outputs: ['engine/pure.wasm', 'engine/http-store-emit-schedule.wasm'],
  },
  () => buildEngine(join(sdk, 'src/engine/glue'), join(dist, 'engine'), say),
);

const engineScript = {
  bundle: true,
  format: 'iife',
  target: 'es2023',
  minifySyntax: true,
  minifyWhitespace: true,
  charset: 'utf8',
  logLevel: 'warning',
};

/**
 * The hash library as one small text that is evaluated at its first use. As text it takes an eighth of the room that
 * it takes in the image of every plugin once it is compiled; nobody reads its names in a stack.
 */
async function hashesSource() {
  const { outputFiles } = await build({
    ...engineScript,
    entryPoints: [join(sdk, 'src/guest/prelude/hashes.ts')],
    write: false,
    globalName: 'hashes',
    minify: true,
  });
  return `(()=>{${outputFiles[0].text};return hashes})()`;
}

await step(
  'prelude',
  {
    inputs: await filesUnder(join(sdk, 'src/guest')),
    ingredients: dependencies['@noble/hashes'],
    outputs: ['engine/prelude.js'],
  },
  async () =>
    build({
      ...engineScript,
      entryPoints: [join(sdk, 'src/guest/prelude/prelude.ts')],
      outfile: join(dist, 'engine/prelude.js'),
      globalName: 'prelude',
      // Not inside the function: each function keeps the text that it was made from.
      footer: { js: `prelude.install.bind(undefined, ${JSON.stringify(await hashesSource())})` },
    }),
);

// Translations of zod's messages are half of its size, and the generated validators have messages of their own.
const withoutTranslations = {
  name: 'without-translations',
  setup(context) {
    context.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

await step(
  'schema-library',
  {
    inputs: await filesUnder(join(sdk, 'src/compile/schemas')),
    ingredients: dependencies.zod,
    outputs: ['engine/schema-library.js'],
  },
  () =>
    build({
      ...engineScript,
      entryPoints: [join(sdk, 'src/compile/schemas/schema-library.ts')],
      outfile: join(dist, 'engine/schema-library.js'),
      plugins: [withoutTranslations],
    }),
);

await buildSandboxChild();
say('sandbox-child: built');

await buildReproduceChild();
say('reproduce-child: built');

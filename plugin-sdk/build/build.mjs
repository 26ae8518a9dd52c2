// Builds what the SDK needs at run time into dist/: the engine's variants and the prelude.
// A step is skipped while the digest of its inputs is the one that its stamp file holds.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

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

async function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const content = await readFile(input);
    hash.update(`${relative(sdk, input)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function step(name, inputs, outputs, work) {
  const stamp = join(dist, `${name}.stamp`);
  const digest = await digestOf(inputs);
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

const engineInputs = [
  ...['glue/glue.ts', 'build-engine.ts', 'engine-variant.ts', 'wasm-sections.ts'].map((file) =>
    join(sdk, 'src/engine', file),
  ),
  join(sdk, 'src/contract/limits.ts'),
  join(sdk, 'src/contract/permissions.ts'),
  join(sdk, 'src/contract/abi.ts'),
  join(sdk, 'package.json'),
];

await step('engine', engineInputs, ['engine/pure.wasm', 'engine/http-store-emit-schedule.wasm'], async () => {
  const outfile = join(dist, 'build-engine.mjs');
  await build({
    entryPoints: [join(sdk, 'src/engine/build-engine.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const { buildEngine } = await import(pathToFileURL(outfile).href);
  await buildEngine(join(sdk, 'src/engine/glue'), join(dist, 'engine'), say);
});

await step('prelude', await filesUnder(join(sdk, 'src/guest')), ['engine/prelude.js'], () =>
  build({
    entryPoints: [join(sdk, 'src/guest/prelude/prelude.ts')],
    outfile: join(dist, 'engine/prelude.js'),
    bundle: true,
    format: 'iife',
    globalName: 'prelude',
    footer: { js: 'prelude.install' },
    target: 'es2023',
    minifySyntax: true,
    minifyWhitespace: true,
    charset: 'utf8',
    logLevel: 'warning',
  }),
);

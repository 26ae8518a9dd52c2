import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ROOT } from './folders.mjs';

/**
 * How a program of this workspace becomes one file: our own packages are bundled, everything from npm stays outside.
 *
 * @param {string} entry relative to the checkout
 * @param {string} outfile relative to the checkout
 * @param {{banner?: string}} [options]
 * @returns {import('esbuild').BuildOptions}
 */
export function bundleOptions(entry, outfile, options = {}) {
  const outFolder = join(ROOT, dirname(outfile));
  return {
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
    ...(options.banner === undefined ? {} : { banner: { js: options.banner } }),
    plugins: [npmStaysOutside(outFolder), filesKeepTheirPlace(outFolder)],
  };
}

const RESOLVING = Symbol('resolving');

// With pnpm a package is visible only to the workspace package that depends on it. The bundle lies in one of these but
// holds code of several, so what it cannot see by name it imports by path.
function npmStaysOutside(outFolder) {
  return {
    name: 'npm-stays-outside',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === RESOLVING || args.kind === 'entry-point') return undefined;
        if (args.path.startsWith('node:') || args.path.startsWith('@patchbay/')) return undefined;
        const options = { kind: args.kind, importer: args.importer, pluginData: RESOLVING };
        const here = await build.resolve(args.path, { ...options, resolveDir: args.resolveDir });
        if (here.errors.length > 0) return { errors: here.errors };
        if (here.external || here.namespace !== 'file') return { path: args.path, external: true };
        const fromBundle = await build.resolve(args.path, { ...options, resolveDir: outFolder });
        if (fromBundle.errors.length === 0 && fromBundle.path === here.path) return { path: args.path, external: true };
        return { path: importPath(outFolder, here.path), external: true };
      });
    },
  };
}

// Code that finds files next to itself by import.meta.url finds the same ones from inside the bundle.
function filesKeepTheirPlace(outFolder) {
  return {
    name: 'files-keep-their-place',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async (args) => {
        const source = await readFile(args.path, 'utf8');
        if (!source.includes('import.meta.')) return undefined;
        const url = `new URL(${JSON.stringify(importPath(outFolder, args.path))}, import.meta.url)`;
        const contents = source
          .replaceAll(/\bimport\.meta\.url\b/g, `${url}.href`)
          .replaceAll(/\bimport\.meta\.(?:dirname|filename)\b/g, (name) => {
            throw new Error(`${args.path} uses ${name}, which a bundle cannot keep: use import.meta.url`);
          });
        return { contents, loader: 'ts' };
      });
    },
  };
}

function importPath(fromFolder, file) {
  const path = relative(fromFolder, file).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

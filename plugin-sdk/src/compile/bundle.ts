import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { build, type BuildFailure, type Loader, type Message, type Plugin } from 'esbuild';
import { sdkFolder } from '../engine/load-engine.ts';
import { BUNDLE_FILE } from './map-stack.ts';

/** A place in the author's files and what is wrong there; line and column count from 1. */
export interface CompileError {
  message: string;
  file?: string;
  line?: number;
  column?: number;
}

/** A source file of the bundle, so that it can be made again from the text alone. */
export interface SourceModule {
  /** Relative to the plugin's folder, with forward slashes; packages begin with `node_modules/`. */
  path: string;
  text: string;
  /** Hex, over the UTF-8 bytes. */
  sha256: string;
}

export type BundleOutcome = { ok: true; code: string; sourceMap: string } | { ok: false; errors: CompileError[] };

const loaders: Record<string, Loader> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.json': 'json',
  '.txt': 'text',
};

/** Marks a question to esbuild's own resolver, so that it is not asked again. */
const RESOLVING = Symbol('patchbay.resolving');
/** Modules of the SDK that generated sources import. */
const ownModules: Record<string, string> = { 'patchbay:validation': 'guest/validation.ts' };
/** What compile/schemas/schema-library.ts holds: the SDK's own zod, so that schemas mean the same everywhere. */
const zodModules = new Set(['zod', 'zod/v4', 'zod/mini', 'zod/v4-mini', 'zod/v4/core']);

/** What is bundled: a file, or text that stands in the plugin's folder. */
export type BundleInput = ({ entry: string } | { source: string }) & {
  /** Whether zod may be imported: only where schemas are turned into validators. */
  zod?: boolean;
  /** Source that stands in for a module, by absolute path. */
  replacements?: ReadonlyMap<string, string>;
};

/**
 * One script: `var plugin = (() => {...})()`.
 *
 * @param root absolute path of the plugin's folder; paths in results are relative to it
 * @param modules receives the author's modules that went in, by path
 */
export async function bundleScript(
  input: BundleInput,
  root: string,
  modules: Map<string, SourceModule>,
): Promise<BundleOutcome> {
  try {
    const result = await build({
      ...('entry' in input
        ? { entryPoints: [input.entry] }
        : { stdin: { contents: input.source, resolveDir: root, sourcefile: 'patchbay-entry.js' } }),
      absWorkingDir: root,
      outfile: join(root, BUNDLE_FILE),
      write: false,
      bundle: true,
      format: 'iife',
      globalName: 'plugin',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['import', 'default'],
      target: 'es2023',
      charset: 'utf8',
      sourcemap: 'external',
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'none',
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: true } },
      plugins: [sourcesOf(root, modules, input)],
    });
    const text = (suffix: string) => result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
    return {
      ok: true,
      code: text(BUNDLE_FILE),
      sourceMap: tidySourceMap(text('.map'), root),
    };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { ok: false, errors: error.errors.map(placeOf) };
  }
}

function sourcesOf(root: string, modules: Map<string, SourceModule>, input: BundleInput): Plugin {
  const sdkSources = join(sdkFolder(), 'src');
  const nodeNames = new Set(builtinModules);
  return {
    name: 'patchbay-sources',
    setup(context) {
      context.onResolve({ filter: /^@patchbay\/plugin-sdk$/ }, () => ({ path: join(sdkSources, 'guest/index.ts') }));
      context.onResolve({ filter: /^@patchbay\/plugin-sdk\// }, ({ path }) => ({
        errors: [{ text: `A plugin imports "@patchbay/plugin-sdk" and nothing below it ("${path}")` }],
      }));
      context.onResolve({ filter: /^patchbay:/ }, ({ path }) => {
        const file = ownModules[path];
        return file === undefined ? undefined : { path: join(sdkSources, file) };
      });
      context.onResolve({ filter: /^zod($|\/)/ }, ({ path }) => {
        if (input.zod && zodModules.has(path)) return { path, namespace: 'zod' };
        const text = input.zod
          ? `Schema modules import from "zod" or "zod/mini", not from "${path}"`
          : 'zod runs only when a plugin is compiled: put schemas into a module whose name ends in .schema.ts';
        return { errors: [{ text }] };
      });
      context.onLoad({ filter: /.*/, namespace: 'zod' }, ({ path }) => ({
        contents: `module.exports = globalThis[Symbol.for('patchbay.schemas')].modules[${JSON.stringify(path)}]`,
        loader: 'js',
      }));
      context.onResolve({ filter: /^[^./]/ }, ({ path }) => {
        if (!path.startsWith('node:') && !nodeNames.has(path)) return undefined;
        const text =
          `"${path}" belongs to Node and does not exist in a plugin. ` +
          'Plugins have the web’s globals (fetch, URL, TextEncoder, crypto.getRandomValues, ...)';
        return { errors: [{ text }] };
      });
      // Modules of packages go by their names below node_modules, wherever they lie: esbuild writes the paths of
      // CommonJS modules into the script, and the script of a package's sources has to be the same.
      const packages = new Map<string, string>();
      context.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...where }) => {
        if (pluginData === RESOLVING || where.kind === 'entry-point') return undefined;
        const found = await context.resolve(path, { ...where, pluginData: RESOLVING });
        if (isSdkSource(found.path, root)) return undefined;
        const shown = found.namespace === 'file' ? shownPath(found.path, root) : undefined;
        if (found.errors.length > 0 || shown === undefined || !shown.startsWith('node_modules/')) return undefined;
        const known = packages.get(shown) ?? found.path;
        packages.set(shown, known);
        if (known !== found.path)
          return { errors: [{ text: `Two versions of the same package are imported: ${known} and ${found.path}` }] };
        return { path: shown, namespace: 'package', sideEffects: found.sideEffects };
      });
      context.onLoad({ filter: /.*/, namespace: 'package' }, async ({ path: shown }) => {
        const path = packages.get(shown) ?? shown;
        const loader = loaders[extname(path)];
        if (loader === undefined) return { errors: [{ text: `A plugin cannot import files like ${path}` }] };
        const text = await readFile(path, 'utf8');
        modules.set(shown, { path: shown, text, sha256: createHash('sha256').update(text).digest('hex') });
        return { contents: text, loader, resolveDir: dirname(path) };
      });
      context.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
        const loader = loaders[extname(path)];
        if (loader === undefined) return { errors: [{ text: `A plugin cannot import files like ${path}` }] };
        const text = await readFile(path, 'utf8');
        if (isSdkSource(path, root)) return { contents: text, loader };
        const shown = shownPath(path, root);
        if (shown === undefined)
          return { errors: [{ text: `${path} lies outside the plugin’s folder, so it would not be in its package` }] };
        modules.set(shown, { path: shown, text, sha256: createHash('sha256').update(text).digest('hex') });
        return { contents: input.replacements?.get(path) ?? text, loader };
      });
    },
  };
}

/** Installed from npm the SDK lies below the plugin's folder; a plugin of the SDK's own tests may lie below the SDK's. */
function isSdkSource(path: string, root: string): boolean {
  const sources = join(sdkFolder(), 'src') + sep;
  const ownPlugin = root.startsWith(sources) && path.startsWith(root + sep);
  return path.startsWith(sources) && !ownPlugin;
}

/** The name of a file in results: relative to the plugin, or from its package on; undefined when it is neither. */
function shownPath(path: string, root: string): string | undefined {
  const inside = relative(root, path);
  const slashed = inside.split(sep).join('/');
  const packageAt = slashed.lastIndexOf('node_modules/');
  if (packageAt >= 0) return slashed.slice(packageAt);
  return inside.startsWith('..') || isAbsolute(inside) ? undefined : slashed;
}

/** Names sources as results do, so that the map does not tell where it was made. */
function tidySourceMap(text: string, root: string): string {
  const map = JSON.parse(text) as { sources: string[]; sourcesContent?: unknown };
  const sdk = sdkFolder();
  map.sources = map.sources.map((source) => {
    if (source.startsWith('package:')) return source.slice('package:'.length);
    const path = join(root, source);
    if (isSdkSource(path, root)) return `patchbay:${relative(sdk, path).split(sep).join('/')}`;
    return shownPath(path, root) ?? source;
  });
  delete map.sourcesContent;
  return JSON.stringify(map);
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}

function placeOf({ text, location }: Message): CompileError {
  if (location === null) return { message: text };
  return { message: text, file: location.file, line: location.line, column: location.column + 1 };
}

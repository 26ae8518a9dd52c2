import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundleOptions } from './bundle.mjs';
import { runCommand, StepFailed } from './command.mjs';
import { ROOT } from './folders.mjs';
import { pluginFolders } from './install.mjs';
import { buildDatabaseThread, DATABASE_THREAD } from './database-thread.mjs';

/**
 * One thing that is built. It runs after `after`, and only if a file under `inputs` changed or `output` is missing; by
 * itself with `run`, or in one go with all others that name the same `together`.
 *
 * @typedef {{
 *   id: string,
 *   title: string,
 *   after: readonly string[],
 *   entry: string,
 *   inputs: readonly string[],
 *   output: string,
 *   run?: () => Promise<void>,
 *   together?: string,
 * }} Step
 */

const SOURCE_REMEDY = 'The message above names the file and line to correct. After that, run the command again.';
const PACKAGES = ['pnpm-lock.yaml', 'host/start/bundle.mjs', 'host/start/steps.mjs'];

/** Whether a change of this file can change what is built: tests cannot. Fixtures can, a plugin's package holds them. */
export function isBuildInput(path) {
  return !/\.test\.tsx?$/.test(path);
}

/** @returns {Step[]} in an order in which every step comes after those that it needs */
export function buildSteps() {
  return [
    sandboxEngine,
    commandLine,
    host,
    embeddedDatabase,
    eventRules,
    marketplaceUi,
    ...pluginFolders().map(plugin),
  ];
}

/** @type {Step} */
const sandboxEngine = {
  id: 'sdk',
  title: 'Building the sandbox',
  after: [],
  entry: 'plugin-sdk/build/build.mjs',
  inputs: ['plugin-sdk/build', 'plugin-sdk/src', 'plugin-sdk/package.json', ...PACKAGES],
  output: 'plugin-sdk/dist',
  run: async () => {
    await runCommand(sandboxEngine.title, SOURCE_REMEDY, process.execPath, ['plugin-sdk/build/build.mjs']);
  },
};

/** @type {Step} */
const commandLine = {
  id: 'cli',
  title: 'Building the command line',
  after: ['sdk'],
  entry: 'plugin-sdk/src/cli/main.ts',
  inputs: ['plugin-sdk/src', 'plugin-sdk/package.json', ...PACKAGES],
  output: 'plugin-sdk/dist/cli.mjs',
  run: () => bundle(commandLine, '#!/usr/bin/env node'),
};

/** @type {Step} */
const host = {
  id: 'host',
  title: 'Building the host',
  after: [],
  entry: 'host/src/main.ts',
  inputs: ['host/src', 'registry/src', 'plugin-sdk/src', 'host/package.json', ...PACKAGES],
  output: 'host/dist/main.mjs',
  run: () => bundle(host),
};

/** @type {Step} */
const embeddedDatabase = {
  id: 'embedded-database',
  title: 'Building the embedded database',
  after: [],
  entry: DATABASE_THREAD.entry,
  inputs: ['host/src', 'plugin-sdk/src/contract', 'host/start/database-thread.mjs', 'host/package.json', ...PACKAGES],
  output: DATABASE_THREAD.output,
  run: () => esbuild(embeddedDatabase, buildDatabaseThread),
};

// Compiled like a plugin, and none.
/** @type {Step} */
const eventRules = {
  id: 'event-rules',
  title: 'Building the event rules',
  after: ['sdk', 'cli'],
  entry: 'host/event-rules/plugin.json',
  inputs: ['host/event-rules', 'host/package.json', 'plugin-sdk/build', 'plugin-sdk/src', ...PACKAGES],
  output: 'host/dist/event-rules/module.wasm',
  run: async () => {
    const args = ['plugin-sdk/dist/cli.mjs', 'build', 'host/event-rules', '--out', 'host/dist/event-rules'];
    await runCommand(eventRules.title, SOURCE_REMEDY, process.execPath, args);
  },
};

/** @type {Step} */
const marketplaceUi = {
  id: 'ui',
  title: 'Building the marketplace UI',
  after: [],
  entry: 'marketplace-ui/index.html',
  inputs: [
    'marketplace-ui/src',
    'marketplace-ui/public',
    'marketplace-ui/index.html',
    'marketplace-ui/vite.config.ts',
    'marketplace-ui/package.json',
    'plugin-sdk/src/contract',
    ...PACKAGES,
  ],
  output: 'marketplace-ui/dist/index.html',
  run: async () => {
    const args = ['node_modules/vite/bin/vite.js', 'build'];
    await runCommand(marketplaceUi.title, SOURCE_REMEDY, process.execPath, args, { cwd: join(ROOT, 'marketplace-ui') });
  },
};

/** @param {string} folder @returns {Step} */
function plugin(folder) {
  return {
    id: folder,
    title: `Packing ${folder}`,
    after: ['sdk', 'cli'],
    entry: `${folder}/plugin.json`,
    inputs: [...sourcesOf(folder), 'plugin-sdk/build', 'plugin-sdk/src', ...PACKAGES],
    output: `${folder}/dist/${basename(folder)}.tgz`,
    together: 'plugins',
  };
}

/**
 * Steps that one process carries out, because its start costs more than any of them. Those that it finished have their
 * output even if it fails.
 *
 * @type {Record<string, {title: (count: number) => string, run: (steps: readonly Step[]) => Promise<void>}>}
 */
export const together = {
  plugins: {
    title: (count) => (count === 1 ? 'Packing 1 plugin' : `Packing ${count} plugins`),
    run: async (steps) => {
      const args = ['plugin-sdk/dist/cli.mjs', 'pack', ...steps.map(({ id }) => id)];
      await runCommand(together.plugins.title(steps.length), SOURCE_REMEDY, process.execPath, args);
    },
  },
};

function sourcesOf(folder) {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** @param {Step} step @param {string} [banner] */
async function bundle(step, banner) {
  const { build } = await import('esbuild');
  const options = bundleOptions(step.entry, step.output, banner === undefined ? {} : { banner });
  await esbuild(step, () => build(options));
}

/** @param {Step} step @param {() => Promise<unknown>} build */
async function esbuild(step, build) {
  const { formatMessages } = await import('esbuild');
  try {
    await build();
  } catch (error) {
    const messages = await formatMessages(error.errors ?? [], { kind: 'error' });
    throw new StepFailed(step.title, messages.join('') || String(error.stack), SOURCE_REMEDY);
  }
}

/** @param {Step} step @returns {string | undefined} what is missing in this checkout, so that the step cannot run */
export function missingSource(step) {
  return [step.entry, ...step.after.map((id) => entryOf(id))].find((path) => !existsSync(join(ROOT, path)));
}

function entryOf(id) {
  return [sandboxEngine, commandLine].find((step) => step.id === id).entry;
}

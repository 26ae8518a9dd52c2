import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { digestOf } from './digest.mjs';
import { ROOT, STAMPS } from './folders.mjs';

const STAMP = join(STAMPS, 'installed');
const REMEDY =
  'The packages come from the npm registry: check the network or the proxy (npm config get registry), and the free space, then run the command again.';

/** Whether node_modules is what the lockfile says. */
export function isInstalled() {
  try {
    return readFileSync(STAMP, 'utf8') === wanted();
  } catch {
    return false;
  }
}

/** Installs exactly what the lockfile says, with the pinned pnpm. */
export async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile'];
  // CI=true: never ask a question. There may be nobody to answer it.
  const env = { CI: 'true', npm_config_update_notifier: 'false' };
  await runCommand('Installing packages', REMEDY, 'npx', args, { env, shell: process.platform === 'win32' });
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(STAMP, wanted());
}

function wanted() {
  const manifests = ['host', 'registry', 'plugin-sdk', 'marketplace-ui', 'test', ...pluginFolders()].map(
    (folder) => `${folder}/package.json`,
  );
  const digest = digestOf(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]);
  return `${digest} ${process.platform} ${process.arch}\n`;
}

/** @returns {string[]} the folders of the first-party plugins, relative to the checkout */
export function pluginFolders() {
  const plugins = join(ROOT, 'plugins');
  if (!existsSync(plugins)) return [];
  return readdirSync(plugins)
    .map((name) => `plugins/${name}`)
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
    .sort();
}

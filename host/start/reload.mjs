import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundleOptions } from './bundle.mjs';
import { ROOT } from './folders.mjs';

const STOP_GRACE_MS = 10_000;

/**
 * Runs the host and the watchers of host and UI until a signal ends them all. A broken build keeps the last host that worked.
 *
 * @param {readonly string[]} args for the host
 */
export async function startWithReload(args) {
  const { context } = await import('esbuild');
  let host;
  let turn = Promise.resolve();

  const restart = () => {
    turn = turn.then(async () => {
      await stop(host);
      host = spawn(process.execPath, ['--enable-source-maps', 'host/dist/main.mjs', ...args], {
        cwd: ROOT,
        stdio: 'inherit',
      });
    });
    return turn;
  };

  const restartAfterBuild = {
    name: 'restart-after-build',
    setup(build) {
      build.onEnd((result) => {
        if (result.errors.length === 0) void restart();
        else process.stderr.write('The host did not build; the last one that did keeps running.\n');
      });
    },
  };

  const options = bundleOptions('host/src/main.ts', 'host/dist/main.mjs');
  const watcher = await context({
    ...options,
    logLevel: 'warning',
    plugins: [...options.plugins, restartAfterBuild],
  });
  await watcher.watch();
  const ui = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--watch', '--clearScreen', 'false'], {
    cwd: join(ROOT, 'marketplace-ui'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  const end = async () => {
    await watcher.dispose();
    await Promise.all([stop(ui), turn.then(() => stop(host))]);
    process.exit(0);
  };
  process.once('SIGINT', () => void end());
  process.once('SIGTERM', () => void end());
}

/** @param {import('node:child_process').ChildProcess | undefined} child */
function stop(child) {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

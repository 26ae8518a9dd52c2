import { realpath } from 'node:fs/promises';
import { loadPlugin, kindOf, type LoadedPlugin } from './load-plugin.ts';
import { usageError, type CommandResult } from './command-result.ts';
import { serveLocally } from './dev-endpoint.ts';
import { settingsFor } from './settings-for.ts';
import { testCommand } from './test-command.ts';
import { watchFolder } from './watch-folder.ts';

export interface DevOptions {
  port?: string;
  config?: string;
  once?: boolean;
  json?: boolean;
}

const PORT = 8787;

/**
 * The author's loop:
 *
 *   changed -> compiling -> fixtures run, the local address answers with the new module -> waiting -> changed
 *           -> failed: says where, keeps the last module that worked -> waiting
 *
 * Ends on Ctrl-C, or after one round with `once`.
 */
export async function devCommand(folder: string, options: DevOptions): Promise<CommandResult> {
  if ((await kindOf(folder)) !== 'folder') return usageError(`There is no folder "${folder}".`);
  const port = Number(options.port ?? PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return usageError(`"${options.port}" is no port.`);
  if (options.once === true) return testCommand(folder, { show: true });

  const say = (event: Record<string, unknown>, lines: readonly string[]): void => {
    const text = options.json === true ? JSON.stringify(event) : lines.join('\n');
    process.stdout.write(`${text}\n`);
  };
  let present: Extract<LoadedPlugin, { ok: true }> | undefined;
  const round = async (changed: string | null): Promise<void> => {
    const began = performance.now();
    const built = await loadPlugin(folder);
    if (!built.ok) {
      say({ event: 'failed', changed, ...built.result.report }, built.result.lines);
      return;
    }
    present = built;
    const tested = await testCommand(folder, { show: true });
    const milliseconds = Math.round(performance.now() - began);
    const what = changed === null ? '' : `${changed} changed. `;
    const lines = [...tested.lines, `${what}Built and tested in ${milliseconds} ms`];
    say({ event: 'tested', changed, milliseconds, ...tested.report }, lines);
  };

  await round(null);
  const endpoint = await serveLocally(port, {
    plugin: () => present,
    settings: async ({ manifest }) => settingsFor(manifest, options.config),
    say,
  });
  if (!endpoint.ok) return endpoint.result;
  say({ event: 'listening', url: endpoint.url }, [`Post a request to ${endpoint.url}; Ctrl-C ends`]);
  await untilInterrupted(await realpath(folder), round);
  await endpoint.close();
  return { exitCode: 0, report: {}, lines: [], streamed: true };
}

async function untilInterrupted(root: string, round: (changed: string) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const ended = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  let rounds = Promise.resolve();
  const unwatch = watchFolder(root, (changed) => {
    rounds = rounds.then(() => round(changed));
  });
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await ended;
  } finally {
    unwatch();
    await rounds;
  }
}

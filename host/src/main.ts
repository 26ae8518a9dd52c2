import { createServer } from 'node:net';
import { errorCatalogue } from '@patchbay/plugin-sdk/contract/error-codes';
import { ignoreDebugSignal } from '@patchbay/plugin-sdk/sandbox/ignore-debug-signal';
import { parseConfig, type Config } from './config/config.ts';
import { startHost } from './host.ts';
import { HostKeyMissing } from './secrets/vault.ts';
import { FolderLockedError } from './store/folder-lock.ts';
import { welcomeText } from './welcome.ts';

/** The host as a process: environment in, exit code out. 0 ended as asked, 1 failed, 2 the settings cannot be used. */
async function main(): Promise<void> {
  ignoreDebugSignal();
  const parsed = parseConfig(process.env);
  if (!parsed.ok) {
    const lines = parsed.problems.map(({ variable, message }) => `  ${variable}: ${message}`);
    fail(2, `${errorCatalogue.CONFIG_INVALID.means}\n${lines.join('\n')}\n${errorCatalogue.CONFIG_INVALID.remedy}`);
    return;
  }
  const { config } = parsed;
  if (!(await portIsFree(config))) {
    fail(1, `Port ${config.PORT} on ${config.HOST} is in use. ${errorCatalogue.PORT_IN_USE.remedy} (PORT_IN_USE)`);
    return;
  }
  try {
    const host = await startHost(config, (line) => void process.stdout.write(`${line}\n`));
    process.stdout.write(welcomeText(host.welcome));
    stopOnSignal(() => host.close());
  } catch (error) {
    if (error instanceof FolderLockedError)
      fail(1, `${error.message} ${errorCatalogue.DATA_FOLDER_LOCKED.remedy} (DATA_FOLDER_LOCKED)`);
    else if (error instanceof HostKeyMissing) fail(2, `${error.message}. (SECRET_KEY_MISSING)`);
    else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      fail(1, `Port ${config.PORT} is in use. ${errorCatalogue.PORT_IN_USE.remedy} (PORT_IN_USE)`);
    else
      fail(1, `Patchbay could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function fail(code: number, message: string): void {
  process.stderr.write(`\n${message}\n`);
  process.exit(code);
}

/** Asked before anything is opened, so that a first start does not work for nothing. */
function portIsFree({ PORT, HOST }: Config): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen(PORT, HOST, () => probe.close(() => resolve(true)));
  });
}

/** The first signal ends in order; a second one ends at once. */
function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
}

await main();

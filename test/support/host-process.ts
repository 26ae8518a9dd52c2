import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { fetchTrusting } from './trusting-fetch.ts';
import { endWithUs } from './watchdog.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const HOST = join(ROOT, 'host', 'dist', 'main.mjs');
// A first start publishes every first-party plugin. Far above what that takes: it only ends a test that would never end.
const READY_WITHIN_MS = 300_000;
const READY_POLL_MS = 50;
const STOP_WITHIN_MS = 20_000;
const KEPT_OUTPUT_BYTES = 64 * 1024;

/** A host that runs somewhere, by its API. */
export interface HostApi {
  /** `http://127.0.0.1:PORT`, or `https` with a certificate, without a slash at the end. */
  readonly url: string;
  /** An API token with owner rights on its group. */
  readonly token: string;
  /** A request to its API with the token; `path` begins with a slash. A body that is no string is sent as JSON. */
  request(path: string, init?: HostRequest): Promise<Response>;
}

/** The shipped host, running as a process of its own. */
export interface HostProcess extends HostApi {
  readonly pid: number;
  /** The folder with its database and packages. Another host may open it after `stop` or `kill`. */
  readonly dataFolder: string;
  /** The end of what it has printed so far, both streams. */
  output(): string;
  /** Asks it to end (SIGTERM), waits, and removes the data folder that was made for it. @returns its exit code */
  stop(): Promise<number | null>;
  /** Ends it at once (SIGKILL), as a crash would. Keeps the data folder. */
  kill(): Promise<void>;
}

export interface HostRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface HostOptions {
  /** Added to the environment; `DATABASE_URL` selects a Postgres. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The script that starts it, from the root of the checkout (default: the built host itself). */
  readonly script?: string;
  /** Command line options, for example `--demo`. */
  readonly args?: readonly string[];
  /** The certificate in PEM that the environment names by TLS_CERT_FILE: the host speaks TLS, and is believed by it. */
  readonly certificate?: string;
  /** A folder that stays (default: a temporary one, removed by `stop`). */
  readonly dataFolder?: string;
  /** The token to create at first start (default: a random one). A later host on the same data needs the same. */
  readonly token?: string;
}

/**
 * Starts the built host on a free port of loopback and waits until it is ready.
 *
 * @throws Error with the host's output if it ends or is not ready in time
 */
export async function startHost(options: HostOptions = {}): Promise<HostProcess> {
  if (!existsSync(HOST)) throw new Error(`${HOST} is missing: run node host/start/prepare.mjs first`);
  const port = await freePort();
  const { certificate } = options;
  const url = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const token = options.token ?? `pbt_${randomBytes(32).toString('hex')}`;
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'patchbay-data-')));

  const child = spawn(process.execPath, ['--enable-source-maps', options.script ?? HOST, ...(options.args ?? [])], {
    cwd: ROOT,
    env: {
      ...withoutOurSettings(process.env),
      HOST: '127.0.0.1',
      PORT: String(port),
      PATCHBAY_DATA: dataFolder,
      PATCHBAY_BOOTSTRAP_TOKEN: token,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_BYTES);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const callOff = child.pid === undefined ? () => undefined : endWithUs(child.pid, 'KILL');
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(callOff);

  const host: HostProcess = {
    url,
    token,
    pid: child.pid ?? 0,
    dataFolder,
    output: () => output,
    request: (path, init = {}) => request(url + path, token, init, certificate),
    async stop() {
      child.kill('SIGTERM');
      const inTime = await Promise.race([ended.then(() => true), sleep(STOP_WITHIN_MS, false, { ref: false })]);
      if (!inTime) child.kill('SIGKILL');
      const code = await ended;
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  try {
    await untilReady(url, child, certificate);
    return host;
  } catch (error) {
    await host.stop();
    throw new Error(`The host did not become ready: ${String(error)}\n${output}`, { cause: error });
  }
}

/** One that was started by somebody else. */
export function hostAt(url: string, token: string): HostApi {
  return { url, token, request: (path, init = {}) => request(url + path, token, init, undefined) };
}

async function untilReady(url: string, child: ChildProcess, certificate: string | undefined): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`it ended with ${child.signalCode ?? `code ${String(child.exitCode)}`}`);
    }
    const response = await send(`${url}/health/ready`, { method: 'GET', headers: {}, body: null }, certificate).catch(
      () => undefined,
    );
    if (response?.ok === true) return;
    if (Date.now() > until) throw new Error(`GET /health/ready answered ${String(response?.status ?? 'nothing')}`);
    await sleep(READY_POLL_MS);
  }
}

function request(
  url: string,
  token: string,
  { method, headers, body }: HostRequest,
  certificate: string | undefined,
): Promise<Response> {
  const isJson = body !== undefined && typeof body !== 'string';
  const init = {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${token}`,
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    body: isJson ? JSON.stringify(body) : (body ?? null),
  };
  return send(url, init, certificate);
}

function send(
  url: string,
  init: { method: string; headers: Readonly<Record<string, string>>; body: string | null },
  certificate: string | undefined,
): Promise<Response> {
  return certificate === undefined ? fetch(url, init) : fetchTrusting(certificate, url, init);
}

// What the person who runs the tests has set for a host of their own must not reach this one.
function withoutOurSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(PATCHBAY_|INTEGRATION_|DATABASE_URL$|PUBLIC_URL$|TRUSTED_PROXIES$|TLS_|NODE_OPTIONS$|VITEST)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}

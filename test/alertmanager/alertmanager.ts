import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

const BINARIES = ['/usr/bin/prometheus-alertmanager', '/usr/bin/alertmanager', '/usr/local/bin/alertmanager'];
const KEPT_OUTPUT_BYTES = 32 * 1024;

/** The Alertmanager of this system, undefined where none is installed. */
export const installedAlertmanager = BINARIES.find((path) => existsSync(path));

/** A real Alertmanager with one route, to one webhook receiver. */
export interface Alertmanager {
  /** Posts to its API v2 as Prometheus does; with `endsAt` in the past the alert is resolved. */
  post(alert: PostedAlert): Promise<void>;
  /** What it has logged so far: with debug level, every notification and the answer it got. */
  output(): string;
  stop(): Promise<void>;
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
}

/**
 * @param binary from `installedAlertmanager`
 * @param receiver where it sends notifications, and the key it sends as bearer token
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export async function startAlertmanager(binary: string, receiver: { url: string; key: string }): Promise<Alertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-alertmanager-'));
  const configuration = join(folder, 'alertmanager.yml');
  await writeFile(configuration, configurationFor(receiver));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    binary,
    [
      `--config.file=${configuration}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=debug',
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_BYTES);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(`Alertmanager on ${url}`, async () => {
      if (child.exitCode !== null) throw new Error('it ended');
      const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
      return answer?.ok === true ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw new Error(`Alertmanager did not start: ${String(error)}\n${output}`, { cause: error });
  }
  return {
    async post(alert) {
      const answer = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      });
      if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
    },
    output: () => output,
    stop,
  };
}

// JSON is YAML. The short intervals keep the test short; a real route waits longer to group alerts.
function configurationFor(receiver: { url: string; key: string }): string {
  return JSON.stringify({
    route: {
      receiver: 'patchbay',
      group_by: ['alertname'],
      group_wait: '1s',
      group_interval: '1s',
      repeat_interval: '1h',
    },
    receivers: [
      {
        name: 'patchbay',
        webhook_configs: [
          {
            url: receiver.url,
            send_resolved: true,
            http_config: { authorization: { type: 'Bearer', credentials: receiver.key } },
          },
        ],
      },
    ],
  });
}

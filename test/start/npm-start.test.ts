import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deliverySchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { startedHostData } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { endWithUs } from '../support/watchdog.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const incidents = z.object({ items: z.array(incidentSchema) });
const deliveries = z.object({ items: z.array(deliverySchema) });

/** What a newcomer types, as a newcomer types it: the script itself, and what it prints. */
describe('npm start -- --demo', () => {
  const newHostData = startedHostData();
  let child: ChildProcess;
  let output = '';
  let url: string;
  let token: string;
  let dataFolder: string;

  beforeAll(async () => {
    const data = await newHostData();
    token = data.token;
    dataFolder = data.dataFolder;
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await start();
  });

  afterAll(stop);

  async function start(): Promise<void> {
    output = '';
    child = spawn(process.execPath, ['host/start/start.mjs', '--demo'], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        PORT: new URL(url).port,
        PATCHBAY_DATA: dataFolder,
        PATCHBAY_BOOTSTRAP_TOKEN: token,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) endWithUs(child.pid, 'KILL');
    const keep = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    await until('the welcome', () => Promise.resolve(output.includes('Patchbay is running at') || undefined));
  }

  async function stop(): Promise<void> {
    if (child?.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  }

  async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    return schema.parse(await answer.json());
  }

  it('says where to look and how to sign in the first time', async () => {
    const link = /http:\S+\/setup\?code=\S+/.exec(output)?.[0];
    expect(link).toMatch(new RegExp(`^${url}/`));
    expect((await fetch(link ?? '')).status).toBe(200);
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>Patchbay');
  });

  it('prints a command that opens an incident when it is pasted', async () => {
    const lines = output.split('\n');
    const first = lines.findIndex((line) => line.trimStart().startsWith('curl '));
    const command = lines.slice(first, lines.findIndex((line, index) => index >= first && !line.endsWith('\\')) + 1);
    const { stdout } = await promisify(execFile)('sh', ['-c', `${command.join('\n')} --silent --show-error --fail`]);
    expect(JSON.parse(stdout)).toMatchObject({ requestId: expect.stringMatching(/^req_/) });
  });

  it('plays alerts until there are incidents, deliveries and a ticket', async () => {
    await until('a ticket', async () => {
      const { items } = await get('/api/incidents?limit=100', incidents);
      return items.find(({ linked }) => linked.length > 0);
    });
    await until('a delivered change', async () => {
      const { items } = await get('/api/deliveries?state=delivered', deliveries);
      return items[0];
    });
    await until('its end', () =>
      Promise.resolve(output.includes('demo: The recorded alerts were played') || undefined),
    );
    const { items } = await get('/api/incidents?limit=100', incidents);
    expect(new Set(items.map(({ status }) => status)).size).toBeGreaterThan(1);
  });

  it('shows a ticket to who follows its link, also when it was started again', async () => {
    const { items } = await get('/api/incidents?limit=100', incidents);
    const ticket = items.flatMap(({ linked }) => linked)[0];
    const follow = async (): Promise<string> => (await fetch(ticket?.href ?? '')).text();
    expect(await follow()).toContain(ticket?.title);
    await stop();
    await expect(follow()).rejects.toThrow();
    await start();
    await until('the stand-ins', () => Promise.resolve(output.includes('demo: Stand-ins') || undefined));
    expect(await follow()).toContain(ticket?.title);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pgliteDatabases, startedHostData } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startHost } from '../support/host-process.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe('the host as a process', () => {
  const newDatabase = pgliteDatabases();
  const newHostData = startedHostData();

  it('ends in order when it is told to, and opens the same folder again', async () => {
    const data = await newHostData();
    const first = await startHost(data);
    const created = await first.request('/api/services', { body: { name: 'Checkout' } });
    expect(created.status, await created.text()).toBe(201);
    expect(await first.stop()).toBe(0);

    const second = await startHost(data);
    onTestFinished(async () => void (await second.stop()));
    const listed = await second.request('/api/services');
    expect(await listed.text()).toContain('Checkout');
  });

  it('keeps what it had accepted when it is killed', async () => {
    const data = await newHostData();
    const first = await startHost(data);
    const created = await first.request('/api/services', { body: { name: 'Payments' } });
    expect(created.status).toBe(201);
    await first.kill();

    const second = await startHost(data);
    onTestFinished(async () => void (await second.stop()));
    const listed = await second.request('/api/services');
    expect(await listed.text()).toContain('Payments');
  });

  it('refuses a data folder that another host has open, and names the way out', async () => {
    const data = await newHostData();
    const first = await startHost(data);
    onTestFinished(async () => void (await first.stop()));
    const second = await runToItsEnd({ PATCHBAY_DATA: data.dataFolder, PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.output).toContain('DATA_FOLDER_LOCKED');
    expect(second.output).toContain('PATCHBAY_DATA');
  });

  it('refuses a port that is taken, and names the way out', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { folder } = await newDatabase();
    const port = String((taken.address() as AddressInfo).port);
    const refused = await runToItsEnd({ PATCHBAY_DATA: folder, PORT: port });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(port);
    expect(refused.output).toContain('PORT_IN_USE');
  });

  it('refuses settings that it cannot use, all of them at once', async () => {
    const refused = await runToItsEnd({ PORT: 'eighty', PUBLIC_URL: 'not a url' });
    expect(refused.code).toBe(2);
    expect(refused.output).toContain('PORT');
    expect(refused.output).toContain('PUBLIC_URL');
  });

  it('names what its settings point to when that cannot be used', async () => {
    const { folder } = await newDatabase();
    const noPem = join(folder, 'no.pem');
    await writeFile(noPem, 'not a certificate');
    const refused = await runToItsEnd({
      PATCHBAY_DATA: '/dev/null/data',
      TLS_CERT_FILE: noPem,
      TLS_KEY_FILE: join(folder, 'missing.pem'),
    });
    expect(refused.code).toBe(2);
    expect(refused.output).toMatch(/PATCHBAY_DATA: .*ENOTDIR/);
    expect(refused.output).toMatch(/TLS_CERT_FILE: .*no\.pem is no certificate/);
    expect(refused.output).toMatch(/TLS_KEY_FILE: .*missing\.pem .*ENOENT/);
  });

  it('refuses an address that this machine does not have before it sets anything up', async () => {
    const { folder } = await newDatabase();
    const port = String(await freePort());
    // Of TEST-NET-1, which no machine has.
    const refused = await runToItsEnd({
      PATCHBAY_DATA: folder,
      PORT: port,
      HOST: '192.0.2.1',
      PATCHBAY_ALLOW_PLAIN_HTTP: 'true',
    });
    expect(refused.code).toBe(2);
    expect(refused.output).toMatch(/HOST: .*192\.0\.2\.1.*EADDRNOTAVAIL/);
    expect(refused.output).not.toContain('Publishing');
  });

  it('says which database does not answer, without its password', async () => {
    const { folder } = await newDatabase();
    const port = await freePort();
    const refused = await runToItsEnd({
      PATCHBAY_DATA: folder,
      PORT: '0',
      DATABASE_URL: `postgres://patchbay:hunter2@127.0.0.1:${port}/alerts`,
    });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(`127.0.0.1:${port}/alerts`);
    expect(refused.output).toContain('DATABASE_UNREACHABLE');
    expect(refused.output).not.toContain('hunter2');
    expect(refused.output).not.toContain('    at ');
  });

  it('prints addresses that lead to it where the system chose the port', async () => {
    const { dataFolder } = await newHostData();
    const child = spawnHost({ PATCHBAY_DATA: dataFolder, PORT: '0' });
    const url = await new Promise<string>((resolve) => {
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        const found = /running at (http:\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});

async function runToItsEnd(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawnHost(environment);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

function spawnHost(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['host/dist/main.mjs'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostOptions, type HostProcess } from '../support/host-process.ts';

const SECRET = 'sesame-sesame';
const alert = (key: string): string =>
  JSON.stringify({
    event_action: 'trigger',
    dedup_key: key,
    payload: { summary: 'Disk full', source: 'db-1', severity: 'critical' },
  });

describe('what the environment says of the door, in a running host', () => {
  const newHostData = startedHostData();

  async function start(options: HostOptions): Promise<HostProcess> {
    const host = await startHost({ ...(await newHostData()), ...options });
    onTestFinished(async () => void (await host.stop()));
    return host;
  }
  async function create(host: HostProcess, input: object): Promise<Integration> {
    const response = await host.request('/api/integrations', { body: { type: 'webhook', name: 'T', ...input } });
    expect(response.status, await response.clone().text()).toBe(201);
    return (await response.json()) as Integration;
  }
  const post = (host: HostProcess, { url, key }: Integration, body: string, headers: Record<string, string> = {}) =>
    host.request(url.slice(new URL(url).origin.length), {
      body,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    });
  async function codeOf(response: Response): Promise<[number, string | undefined]> {
    const { error } = (await response.json()) as { error?: { code: string } };
    return [response.status, error?.code];
  }
  async function warningsOf(host: HostProcess): Promise<string[]> {
    const { warnings } = (await (await host.request('/api/session')).json()) as { warnings: { code: string }[] };
    return warnings.map(({ code }) => code).sort();
  }
  const signed = (body: string): Record<string, string> => ({
    'x-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  });

  it('switches signatures and rates off, believes its proxies, and warns of what is off', async () => {
    const host = await start({
      environment: {
        INTEGRATION_VERIFY_SIGNATURES: 'false',
        INTEGRATION_RATE_LIMIT: 'false',
        TRUSTED_PROXIES: '127.0.0.1',
      },
    });
    expect(await warningsOf(host)).toEqual(['RATE_LIMIT_OFF', 'SIGNATURES_OFF']);

    const integration = await create(host, { signatureSecret: SECRET, signatureRequired: true, ratePerMinute: 1 });
    const wrong = { 'x-signature': `sha256=${'0'.repeat(64)}` };
    for (let n = 0; n < 5; n++) expect((await post(host, integration, alert(`k-${n}`), wrong)).status).toBe(202);
    expect((await post(host, integration, alert('unsigned'))).status).toBe(202);
    // A key is still wanted, and is asked for as often as a stranger tries.
    const stranger = { ...integration, key: 'pbk_wrong' };
    const refused = new Set<string>();
    for (let n = 0; n < 70; n++)
      refused.add(String(await codeOf(await post(host, stranger, alert('s'), signed(alert('s'))))));
    expect([...refused]).toEqual(['401,KEY_INVALID']);

    const narrow = await create(host, { ipAllow: ['203.0.113.0/24'] });
    const from = (address: string) => post(host, narrow, alert('proxied'), { 'x-forwarded-for': address });
    expect((await from('203.0.113.9')).status).toBe(202);
    expect(await codeOf(await from('203.0.113.9, 198.51.100.1'))).toEqual([403, 'IP_NOT_ALLOWED']);
  });

  it('speaks TLS with its certificate, and otherwise checks signatures, limits rates and believes no header', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-tls-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'patchbay.test' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    await writeFile(join(folder, 'cert.pem'), cert);
    await writeFile(join(folder, 'key.pem'), key);
    const host = await start({
      certificate: cert,
      environment: { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') },
    });
    expect(await warningsOf(host)).toEqual([]);
    const session = await host.request('/api/session');
    expect(session.headers.get('strict-transport-security')).toMatch(/max-age/);
    await expect(fetch(`${host.url}/health/live`)).rejects.toThrow();
    await expect(fetch(`${host.url.replace('https:', 'http:')}/health/live`)).rejects.toThrow();

    const integration = await create(host, { signatureSecret: SECRET, ratePerMinute: 2 });
    expect(new URL(integration.url).origin).toBe(host.url);
    const keyless = { ...integration, key: '' };
    expect(await codeOf(await post(host, integration, alert('a'), { 'x-signature': 'ff' }))).toEqual([
      401,
      'SIGNATURE_INVALID',
    ]);
    expect((await post(host, keyless, alert('a'), signed(alert('a')))).status).toBe(202);
    expect((await post(host, integration, alert('b'))).status).toBe(202);
    const third = await post(host, integration, alert('c'));
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await codeOf(third)).toEqual([429, 'RATE_LIMITED']);

    const narrow = await create(host, { ipAllow: ['203.0.113.0/24'] });
    expect(await codeOf(await post(host, narrow, alert('p'), { 'x-forwarded-for': '203.0.113.9' }))).toEqual([
      403,
      'IP_NOT_ALLOWED',
    ]);
  });
});

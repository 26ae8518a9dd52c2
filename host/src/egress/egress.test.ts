import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeAddress, parseNetworks } from './address-policy.ts';
import { createEgress, type EgressRequest, type Resolver } from './egress.ts';
import { parseTarget } from './target.ts';

const none = parseNetworks([]);

describe('judgeAddress', () => {
  const blocked = [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2001::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '100::1',
    '5f00::1',
    'not an address',
    '',
  ];
  it.each(blocked)('blocks %s', (address) => expect(judgeAddress(address, none)).toBe('blocked'));

  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '2606:4700::1111',
    '2a00:1450:4001:800::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ];
  it.each(open)('knows %s as public', (address) => expect(judgeAddress(address, none)).toBe('public'));

  it('allows what the operator names, also inside IPv6', () => {
    const allowed = parseNetworks(['10.1.0.0/16', 'fd00::/8']);
    expect(judgeAddress('10.1.2.3', allowed)).toBe('allowed');
    expect(judgeAddress('::ffff:10.1.2.3', allowed)).toBe('allowed');
    expect(judgeAddress('10.2.0.1', allowed)).toBe('blocked');
    expect(judgeAddress('fd12::1', allowed)).toBe('allowed');
  });

  it('never calls an IPv4 address public in one spelling and blocked in another', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const verdict = judgeAddress(address, none);
        const hex = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
        expect(judgeAddress(`::ffff:${address}`, none)).toBe(verdict);
        expect(judgeAddress(`64:ff9b::${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`, none)).toBe(verdict);
        expect(judgeAddress(`2002:${hex[0]}${hex[1]}:${hex[2]}${hex[3]}::1`, none)).toBe(verdict);
      }),
    );
  });
});

describe('parseTarget', () => {
  const loopback = [
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://１２７.0.0.1/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://0xa9fea9fe/',
  ];
  it.each(loopback)('blocks %s', (url) =>
    expect(parseTarget(url, none)).toMatchObject({ ok: false, code: 'EGRESS_BLOCKED' }),
  );

  const refused = [
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,hi',
    'javascript:alert(1)',
    'https://user:pw@example.com/',
    'https://example.com:0/',
    'https://example.com/a%2fb',
    'https://example.com/a%2Fb',
    'https://example.com/%2e%2e/b',
    'https://example.com/a%5cb',
    'https://example.com/..;/admin',
    'https://example.com//a',
    'https://example.com/a%00',
    'nonsense',
    `https://example.com/${'a'.repeat(9000)}`,
  ];
  it.each(refused)('refuses %s', (url) =>
    expect(parseTarget(url, none)).toMatchObject({ ok: false, code: 'REQUEST_REFUSED' }),
  );

  it('takes an ordinary URL', () => {
    expect(parseTarget('https://example.com/rest/api/3/issue?a=%2f', none)).toMatchObject({ ok: true });
  });
});

describe('the egress', () => {
  let server: Server;
  let origin: string;
  let port: number;
  let seen: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const egress = createEgress({ allow: ['127.0.0.0/8'] });

  const routes: Record<string, (response: ServerResponse) => void> = {
    '/redirect': (response) => response.writeHead(302, { location: '/secret' }).end(),
    '/gzip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
    '/bomb': (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000))),
    '/large': (response) => response.end(Buffer.alloc(50_000)),
    '/hang': () => undefined,
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('part');
      setTimeout(() => response.destroy(), 20);
    },
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
        (routes[request.url ?? ''] ?? ((answer) => answer.end('ok')))(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    origin = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await egress.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const get = (url: string, rest: Partial<EgressRequest> = {}): EgressRequest => ({
    url,
    method: 'GET',
    headers: {},
    body: null,
    timeoutMs: 2_000,
    responseBytes: 10_000,
    ...rest,
  });

  it('sends to an allowed network and reads the answer', async () => {
    seen = [];
    const result = await egress.send(
      get(`${origin}/post`, { method: 'POST', headers: { 'x-a': '1' }, body: Buffer.from('body') }),
    );
    expect(result).toMatchObject({ ok: true, answer: { status: 200 } });
    expect(seen[0]).toMatchObject({ url: '/post', body: 'body', headers: { 'x-a': '1', host: `127.0.0.1:${port}` } });
  });

  it('gives a redirect back and does not follow it', async () => {
    seen = [];
    const result = await egress.send(get(`${origin}/redirect`));
    expect(result).toMatchObject({ ok: true, answer: { status: 302 } });
    expect(seen.map(({ url }) => url)).toEqual(['/redirect']);
  });

  it('bounds the answer before and after decompression', async () => {
    expect(await egress.send(get(`${origin}/gzip`))).toMatchObject({
      ok: true,
      answer: { body: Buffer.from('hello') },
    });
    expect(await egress.send(get(`${origin}/bomb`))).toMatchObject({
      ok: false,
      code: 'RESPONSE_TOO_LARGE',
      maybeSent: true,
    });
    expect(await egress.send(get(`${origin}/large`))).toMatchObject({ ok: false, code: 'RESPONSE_TOO_LARGE' });
  });

  it('ends a request that gets no answer, and says that it may have been carried out', async () => {
    expect(await egress.send(get(`${origin}/hang`, { timeoutMs: 200 }))).toMatchObject({
      ok: false,
      code: 'EGRESS_TIMEOUT',
      maybeSent: true,
    });
    expect(await egress.send(get(`${origin}/cut`))).toMatchObject({
      ok: false,
      code: 'EGRESS_FAILED',
      maybeSent: true,
    });
  });

  it('knows that a refused connection sent nothing', async () => {
    expect(await egress.send(get('http://127.0.0.1:1/'))).toMatchObject({
      ok: false,
      code: 'EGRESS_FAILED',
      maybeSent: false,
    });
  });

  it('blocks by the addresses of a name, all of them, at the moment of dialling', async () => {
    seen = [];
    const answers: Record<string, string[]> = {
      'private.test': ['127.0.0.1'],
      'mixed.test': ['93.184.216.34', '127.0.0.1'],
      'metadata.test': ['169.254.169.254'],
    };
    const resolve: Resolver = (name, _options, callback) =>
      callback(
        null,
        (answers[name] ?? []).map((address) => ({ address, family: 4 })),
      );
    const strict = createEgress({ allow: [], resolve });
    try {
      for (const name of Object.keys(answers)) {
        const result = await strict.send(get(`https://${name}:${port}/`));
        expect(result).toMatchObject({ ok: false, code: 'EGRESS_BLOCKED', maybeSent: false });
        expect(JSON.stringify(result)).not.toMatch(/127\.0|169\.254|lookup/);
      }
    } finally {
      await strict.close();
    }
    expect(seen).toEqual([]);
  });

  it('is not fooled by a name that changes its answer after a good one', async () => {
    let asked = 0;
    const resolve: Resolver = (_name, _options, callback) =>
      callback(null, [{ address: asked++ === 0 ? '93.184.216.34' : '127.0.0.1', family: 4 }]);
    const strict = createEgress({ allow: [], resolve });
    try {
      seen = [];
      await strict.send(get(`https://rebind.test:${port}/`, { timeoutMs: 300 }));
      expect(await strict.send(get(`https://rebind.test:${port}/`, { timeoutMs: 300 }))).toMatchObject({
        ok: false,
        code: 'EGRESS_BLOCKED',
      });
      expect(seen).toEqual([]);
    } finally {
      await strict.close();
    }
  });
});

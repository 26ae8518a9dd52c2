import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import { BlockList, isIP, type AddressInfo } from 'node:net';
import type { HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import { manifestSchema, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNetworks } from '../egress/address-policy.ts';
import type { Egress } from '../egress/egress.ts';
import { parseTarget } from '../egress/target.ts';
import { performHttp, type HttpContext } from './perform-http.ts';
import { grantedPermissions, nameAnswers, urlVerdicts, type UrlRow } from './url-verdicts.ts';
import { createUrlWorld, verdictOf } from './url-world.ts';

// Who dials a public address tells it that we are here: those are judged, and not sent to.
const groups = Object.entries(urlVerdicts).map(
  ([group, rows]) => [group, rows.filter(({ verdict }) => verdict !== 'public')] as const,
);
const every = Object.values(urlVerdicts).flat();
const { egress, asked } = createUrlWorld();

/** The hosts to which connections were begun, by anybody in this process. */
let dialled: string[] = [];
const onDial = (message: unknown): void => {
  dialled.push((message as { connectParams: { hostname: string } }).connectParams.hostname);
};
beforeAll(() => subscribe('undici:client:beforeConnect', onDial));
afterAll(async () => {
  unsubscribe('undici:client:beforeConnect', onDial);
  await egress.close();
});

const get = (through: Egress, url: string, method = 'GET') =>
  through.send({ url, method, headers: {}, body: null, timeoutMs: 5_000, responseBytes: 1000 });

/** One after the other, so that each is told apart from the next. @returns what came of each, by spelling */
async function outcomes(
  rows: readonly UrlRow[],
  judge: (row: UrlRow) => Promise<string | null>,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const row of rows) {
    asked.length = 0;
    dialled = [];
    const code = await judge(row);
    // Blocked as it stands, it is never dialled; blocked by its name, it is dialled as far as the look-up.
    const began = asked.length === 0 && dialled.length > 0 ? ` and dials ${dialled.join(' and ')}` : '';
    found[`${row.method} ${row.url}`] = verdictOf(code, asked) + began;
  }
  return found;
}

const expected = (rows: readonly UrlRow[], verdict: (row: UrlRow) => string): Record<string, string> =>
  Object.fromEntries(rows.map((row) => [`${row.method} ${row.url}`, verdict(row)]));

describe('the table of URLs', () => {
  it('has hundreds of spellings, and none twice', () => {
    expect(every.length).toBeGreaterThan(350);
    expect(new Set(every.map(({ method, url }) => `${method} ${url}`)).size).toBe(every.length);
  });

  it('says what is public', () => {
    const isPublic = every.filter(({ url }) => {
      const read = parseTarget(url, parseNetworks([]));
      return read.ok && read.target.url.protocol === 'https:' && isIP(read.target.hostname) !== 0;
    });
    expect(isPublic).toEqual(every.filter(({ verdict }) => verdict === 'public'));
  });
});

describe.each(groups)('%s', (_group, rows) => {
  it('before the egress', async () => {
    const found = await outcomes(rows, async ({ url, method }) => {
      const result = await get(egress, url, method);
      if (result.ok) return 'answered';
      expect(result.maybeSent).toBe(false);
      // The target by the name that was asked for, and nothing of what the name service said.
      const told = nameAnswers[asked[0] ?? '']?.filter((address) => !url.includes(address)) ?? [];
      for (const secret of [...told, 'no such name']) expect(result.message).not.toContain(secret);
      return result.code;
    });
    expect(found).toEqual(expected(rows, ({ verdict }) => verdict));
  });

  it('asked for by a plugin with fixed hosts', async () => {
    const context = contextOf(grantedPermissions);
    const found = await outcomes(rows, async (row) => (await performHttp(egress, context, askOf(row))).code);
    const denied = ({ granted, verdict }: UrlRow) =>
      granted || verdict === 'REQUEST_REFUSED' ? verdict : 'PERMISSION_DENIED';
    expect(found).toEqual(expected(rows, denied));
  });

  it('asked for by a plugin whose operator named the site', async () => {
    const methods = ['GET' as const, 'POST' as const, 'PUT' as const, 'DELETE' as const];
    const found = await outcomes(rows, async (row) => {
      const context = contextOf({ http: [{ host: { configuration: 'site' }, methods }] }, row.url);
      return (await performHttp(egress, context, askOf(row))).code;
    });
    expect(found).toEqual(expected(rows, ({ verdict }) => verdict));
  });
});

describe('a server that may be reached', () => {
  let server: Server;
  let seen: string[] = [];
  let location = '';
  let port = '';
  const world = createUrlWorld(['127.0.0.1/32']);

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.headers.host ?? ''} ${request.url ?? ''}`);
      response
        .writeHead(302, {
          location: Buffer.from(location)
            .toString('latin1')
            .replace(/[\0-\x1f]/g, ''),
        })
        .end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    port = String((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await world.egress.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  it('sends nobody on, wherever its redirects lead', async () => {
    for (const { url } of every.filter(({ url: { length } }) => length < 1000)) {
      seen = [];
      dialled = [];
      location = url.replace('https://127.0.0.1/', `http://127.0.0.1:${port}/forbidden`);
      const result = await get(world.egress, `http://127.0.0.1:${port}/start`);
      expect(result).toMatchObject({ ok: true, answer: { status: 302 } });
      expect(seen).toEqual([`127.0.0.1:${port} /start`]);
      expect(dialled.filter((host) => host !== '127.0.0.1')).toEqual([]);
    }
    expect(world.asked).toEqual([]);
  });

  it.each([
    ['http://127.0.0.1:PORT/a/../b?x=1#fragment', '/b?x=1'],
    ['HTTP://2130706433:PORT\\a', '/a'],
    ['http:0x7f.1:PORT/a b', '/a%20b'],
    ['http://localtest.me:PORT/%C3%A4', '/%C3%A4'],
    ['http://LocalTest.me:PORT?y', '/?y'],
  ])('gets of %s what the parser made of it', async (spelling, path) => {
    seen = [];
    location = '/';
    const url = spelling.replace('PORT', port);
    expect(await get(world.egress, url)).toMatchObject({ ok: true });
    expect(seen).toEqual([`${new URL(url).host} ${path}`]);
  });
});

describe('any text', () => {
  // Another's reading of addresses, to compare with. One list each: Node takes version 4 for mapped version 6.
  const inside4 = new BlockList();
  const inside6 = new BlockList();
  for (const [network, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['224.0.0.0', 3],
  ] as const)
    inside4.addSubnet(network, bits, 'ipv4');
  for (const [network, bits] of [
    ['::', 3],
    ['4000::', 2],
    ['8000::', 1],
    ['2001::', 32],
  ] as const)
    inside6.addSubnet(network, bits, 'ipv6');
  /** The address of version 4 that one of version 6 stands for. */
  const carried = (address: string): string | undefined => {
    const hex = new URL(`http://[${address}]/`).hostname;
    const found = /^\[(?:::|::ffff:|64:ff9b::|2002:)([0-9a-f]{1,4}):([0-9a-f]{1,4})(?:::.*)?\]$/.exec(hex);
    if (found === null) return undefined;
    const number = (parseInt(found[1] ?? '', 16) * 0x10000 + parseInt(found[2] ?? '', 16)) >>> 0;
    return new URL(`http://${number}/`).hostname;
  };
  const isInside = (address: string): boolean => {
    const version4 = isIP(address) === 4 ? address : carried(address);
    return version4 === undefined ? inside6.check(address, 'ipv6') : inside4.check(version4, 'ipv4');
  };

  const number = fc.nat(0xff_ff_ff_ff).map((n) => n.toString(10));
  const spelledByte = fc.oneof(
    fc.nat(300).map(String),
    fc.nat(300).map((n) => `0x${n.toString(16)}`),
    fc.nat(300).map((n) => `0${n.toString(8)}`),
    fc.constantFrom('', '%31', '\uff11', '\u2460', '127', '10', '0', '192', '168', '169', '254'),
  );
  const separator = fc.constantFrom('.', '.', '.', '\u3002', '\uff0e', '%2e', '\t.', '..');
  const host = fc.oneof(
    number,
    number.map((n) => `0x${Number(n).toString(16)}`),
    fc.tuple(fc.array(spelledByte, { minLength: 1, maxLength: 5 }), separator).map(([bytes, dot]) => bytes.join(dot)),
    fc.ipV6().map((address) => `[${address}]`),
    fc.ipV4().map((address) => `[::ffff:${address}]`),
    fc.ipV4().map((address) => `[64:ff9b::${address}]`),
    fc.domain(),
    fc.string({ unit: 'binary' }),
  );
  const url = fc
    .tuple(
      fc.constantFrom(
        'https://',
        'http://',
        'HTTPS:\\\\',
        'https:',
        ' https://',
        'ht\ttps:///',
        'ftp://',
        'file://',
        '',
      ),
      fc.constantFrom('', '', '', '@', 'user@', 'api.example.com@', 'a:b@', '%40@'),
      host,
      fc.constantFrom('', '', '.', ':443', ':80', ':0', ':65535', ':x'),
      fc.oneof(fc.constantFrom('', '/', '/v1', '\\v1', '?x', '#x'), fc.webPath(), fc.string({ unit: 'binary' })),
    )
    .map((parts) => parts.join(''));
  const mutated = fc
    .tuple(
      fc.constantFrom(...every.map((row) => row.url)),
      fc.nat(),
      fc.nat(4),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    .map(([text, at, length, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + length);
    });
  const anyText = fc.oneof(url, mutated, fc.webUrl(), fc.string({ unit: 'binary', maxLength: 200 }));

  it('is judged without an exception, and leads to no address inside', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseTarget(text, parseNetworks([]));
        if (!read.ok) return;
        const dialledHost = read.target.url.hostname.replace(/^\[|\]$/g, '');
        if (isIP(dialledHost) === 0) return;
        expect(isInside(dialledHost)).toBe(false);
        expect(read.target.url.protocol).toBe('https:');
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads the same when it has been read', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseTarget(text, parseNetworks([]));
        if (!read.ok) return;
        const { href } = read.target.url;
        expect(parseTarget(href, parseNetworks([]))).toMatchObject({ ok: true, target: { url: { href } } });
      }),
      { numRuns: 5_000 },
    );
  });

  it('of a plugin comes before the name service only where it is granted', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        dialled = [];
        const world = createUrlWorld();
        const permitted = await performHttp(
          world.egress,
          contextOf(grantedPermissions),
          askOf({ url: text, method: 'GET' }),
        );
        await world.egress.close();
        const mayAsk = permitted.code === 'EGRESS_FAILED' ? ['api.example.com'] : [];
        expect([...new Set(world.asked)]).toEqual(mayAsk);
        expect(dialled.filter((name) => !mayAsk.includes(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

function contextOf(permissions: ManifestInput['permissions'], site = ''): HttpContext {
  const manifest = manifestSchema.parse({
    id: 'acme/tickets',
    version: '1.0.0',
    hostApi: '^1.0.0',
    name: 'Tickets',
    summary: 'Opens tickets',
    licence: 'Apache-2.0',
    categories: ['ticketing'],
    provides: ['deliver'],
    configuration: { properties: { site: { type: 'string', title: 'Site' } } },
    permissions,
  });
  return {
    manifest,
    configuration: { site },
    idempotencyKey: 'dlv-1-0-0',
    readSecret: () => Promise.reject(new Error('no secret is wanted here')),
    tokens: {
      get: () => Promise.reject(new Error('no token is wanted here')),
      keep: () => Promise.reject(new Error('no token is kept here')),
    },
  };
}

function askOf({ url, method }: Pick<UrlRow, 'url' | 'method'>): HttpAsk {
  return { url, method, headers: {}, body: null, credential: null, repeatable: false };
}

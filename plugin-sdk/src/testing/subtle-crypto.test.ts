import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxed, type Sandboxed } from './sandboxed.ts';

const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('hex');

interface Case {
  hash: (typeof hashes)[number];
  key: string;
  data: string;
}

/** Digest, signature and two verifications, by whichever implementation `crypto` is; run in both worlds. */
async function oracle({ hash, key, data }: Case) {
  const bytes = Buffer.from(data, 'hex');
  const { subtle } = webcrypto;
  const imported = await subtle.importKey('raw', Buffer.from(key, 'hex'), { name: 'HMAC', hash }, false, [
    'sign',
    'verify',
  ]);
  return [
    hex(await subtle.digest(hash, bytes)),
    hex(await subtle.sign('HMAC', imported, bytes)),
    true,
    false,
    imported.algorithm,
    imported.usages,
  ];
}

describe('crypto.subtle in a plugin', () => {
  let plugin: Sandboxed;
  beforeAll(async () => {
    plugin = await sandboxed(`async ({ cases, wrong }) => {
      const { subtle } = crypto;
      if (wrong) return await Promise.all([
        subtle.digest('MD5', new Uint8Array()),
        subtle.digest('SHA-256', 'text'),
        subtle.digest({}, new Uint8Array()),
        subtle.importKey('jwk', {}, { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']),
        subtle.importKey('raw', new Uint8Array(), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']),
        subtle.importKey('raw', new Uint8Array(1), { name: 'HMAC', hash: 'SHA-1' }, true, []),
        subtle.importKey('raw', new Uint8Array(1), { name: 'HMAC', hash: 'SHA-1' }, true, ['encrypt']),
        subtle.importKey('raw', new Uint8Array(1), { name: 'AES-GCM' }, true, ['sign']),
        subtle.importKey('raw', new Uint8Array(1), { name: 'HMAC', hash: 'SHA-1' }, true, ['verify'])
          .then((key) => subtle.sign('HMAC', key, new Uint8Array())),
        subtle.sign('HMAC', {}, new Uint8Array()),
        (async () => new CryptoKey())(),
      ].map((promise) => promise.then(() => 'fine', (error) => error.name)));
      const out = [];
      for (const { hash, key, data } of cases) {
        const bytes = Uint8Array.fromHex(data);
        const imported = await subtle.importKey('raw', Uint8Array.fromHex(key), { name: 'HMAC', hash: { name: hash.toLowerCase() } }, false, ['verify', 'sign']);
        const digest = subtle.digest({ name: hash }, bytes.buffer);
        const code = new Uint8Array(await subtle.sign({ name: 'hmac' }, imported, bytes));
        const good = await subtle.verify('HMAC', imported, code, bytes);
        code[code.length - 1] ^= 1;
        out.push([
          new Uint8Array(await digest).toHex(),
          (code[code.length - 1] ^= 1, code.toHex()),
          good,
          (code[0] ^= 128, await subtle.verify('HMAC', imported, code, bytes)) || (await subtle.verify('HMAC', imported, code.subarray(1), bytes)),
          imported.algorithm,
          imported.usages,
        ]);
      }
      return out;
    }`);
  }, 120_000);
  afterAll(() => plugin?.close());

  it('gives what the web’s gives, for whatever bytes', async () => {
    const bytes = (minLength: number) =>
      fc.uint8Array({ minLength, maxLength: 300, size: 'max' }).map((array) => hex(array));
    const one = fc.record({ hash: fc.constantFrom(...hashes), key: bytes(1), data: bytes(0) });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 20 }), async (cases) => {
        const { value } = await plugin.call({ cases });
        expect(value).toEqual(JSON.parse(JSON.stringify(await Promise.all(cases.map(oracle)))));
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  it('refuses as the web does, by the same names', async () => {
    expect((await plugin.call({ wrong: true })).value).toEqual([
      'NotSupportedError',
      'TypeError',
      'TypeError',
      'NotSupportedError',
      'DataError',
      'SyntaxError',
      'SyntaxError',
      'NotSupportedError',
      'InvalidAccessError',
      'TypeError',
      'TypeError',
    ]);
  });
});

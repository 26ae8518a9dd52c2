import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretLimits } from '@patchbay/plugin-sdk/contract/limits';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import type { Egress } from '../egress/egress.ts';
import { performHttp } from './perform-http.ts';
import { containsSecret } from './secret-reflection.ts';

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const percent = (bytes: Buffer, lower: boolean) =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')[lower ? 'toLowerCase' : 'toUpperCase']()}`).join('');
const units = (text: string) => text.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const lines = (text: string) => text.replaceAll(/(.{19})/g, '$1\r\n');

/** What servers do to a text that they give back. */
const encodings: Record<string, (secret: string, before: Buffer) => string> = {
  plain: (secret) => secret,
  'percent-encoded': encodeURIComponent,
  'percent-encoded in lower case, every byte': (secret) => percent(utf8(secret), true),
  'percent-encoded in upper case, every byte': (secret) => percent(utf8(secret), false),
  'form-encoded': (secret) => new URLSearchParams({ a: secret }).toString(),
  'as a JSON text': (secret) => JSON.stringify({ a: secret }),
  'as a JSON text in which everything is escaped': (secret) => `"${units(secret).join('')}"`,
  'as a JSON text with escaped slashes': (secret) => JSON.stringify(secret).replaceAll('/', '\\/'),
  'as a JSON text within one': (secret) => JSON.stringify(JSON.stringify(secret)),
  'percent-encoded in a JSON text': (secret) => JSON.stringify(`?a=${encodeURIComponent(secret)}`),
  'in hex': (secret) => utf8(secret).toString('hex'),
  'in upper-case hex': (secret) => utf8(secret).toString('hex').toUpperCase(),
  'in base64': (secret, before) => Buffer.concat([before, utf8(secret), before]).toString('base64'),
  'in base64url': (secret, before) => Buffer.concat([before, utf8(secret), before]).toString('base64url'),
  'in base64 of many lines': (secret, before) => lines(Buffer.concat([before, utf8(secret)]).toString('base64')),
  'in percent-encoded base64': (secret, before) =>
    encodeURIComponent(Buffer.concat([before, utf8(secret)]).toString('base64')),
  'as HTML': (secret) =>
    secret.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`).replaceAll('&#38;', '&amp;'),
  'as HTML in hexadecimal references': (secret) =>
    Array.from(secret, (char) => `&#x${(char.codePointAt(0) ?? 0).toString(16)};`).join(''),
};

/** Whatever may be saved: any text of the least length or more, of bytes that are hostile to encodings among others. */
const secrets = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: secretLimits.charsMin, maxLength: 60 }),
    fc.string({ unit: 'binary', minLength: secretLimits.charsMin, maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'"\\/+ %&=<>\'-_.~abcXYZ012\n'.split('')), minLength: 8, maxLength: 40 }),
    fc.base64String({ minLength: 8, maxLength: 60 }),
  )
  .filter((secret) => secret.trim().length >= secretLimits.charsMin && !/[\ud800-\udfff]/u.test(secret));

describe('an answer that contains the secret', () => {
  it.each(Object.keys(encodings))('is found %s, whatever the secret and wherever it stands', (name) => {
    fc.assert(
      fc.property(secrets, fc.uint8Array({ maxLength: 20 }), fc.string({ maxLength: 20 }), (secret, bytes, around) => {
        // What stands around is not to swallow the first characters of an escape.
        const frame = utf8(around.replaceAll(/[\\%&]/g, ''));
        const encoded = utf8(encodings[name]?.(secret, Buffer.from(bytes)) ?? '');
        const body = Buffer.concat([frame, utf8(' '), encoded, utf8(' '), frame]);
        expect(containsSecret(body, secret)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is let through without it', () => {
    fc.assert(
      fc.property(secrets, fc.uint8Array({ maxLength: 200 }), (secret, bytes) => {
        const others = Buffer.from(bytes);
        fc.pre(!others.includes(utf8(secret)) && utf8(secret).length >= 8);
        const answer = JSON.stringify({ id: others.toString('base64'), of: 'another' });
        expect(containsSecret(utf8(answer), `${secret}-not-in-there`)).toBe(false);
      }),
    );
  });

  it('is found when a private key comes back in one line', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B\n'.repeat(4)}-----END PRIVATE KEY-----\n`;
    expect(containsSecret(utf8(JSON.stringify({ key: pem })), pem)).toBe(true);
    expect(containsSecret(utf8(pem.replaceAll(/-----.*-----|\n/g, '')), pem)).toBe(true);
  });
});

describe('a request whose answer contains the secret', () => {
  const manifest = manifestSchema.parse({
    ...{ id: 'acme/tickets', version: '1.0.0', hostApi: '^1.0.0', name: 'Tickets', summary: 'Opens tickets' },
    ...{ licence: 'Apache-2.0', categories: ['ticketing'], provides: ['deliver'] },
    permissions: { http: [{ host: 'api.example.com', methods: ['GET'] }] },
    secrets: [{ name: 'apiToken', title: 'Token', credential: { kind: 'bearer', host: 'api.example.com' } }],
  });

  it('is refused, in the body as in any header', async () => {
    const inHeaders = ['plain', 'percent-encoded', 'in base64', 'as a JSON text', 'in hex'];
    await fc.assert(
      fc.asyncProperty(
        secrets.filter((secret) => /^[\x20-\x7e]*$/.test(secret)),
        fc.constantFrom(...Object.keys(encodings)),
        fc.constantFrom(...inHeaders),
        fc.boolean(),
        async (secret, ofBody, ofHeader, inBody) => {
          const encoded = encodings[inBody ? ofBody : ofHeader]?.(secret, Buffer.from('a')) ?? '';
          const answer = {
            status: 200,
            headers: inBody ? {} : { location: `https://api.example.com/?a=${encoded}` },
            body: utf8(inBody ? `<p>${encoded}</p>` : ''),
            durationMs: 1,
          };
          const egress: Egress = {
            send: () => Promise.resolve({ ok: true, answer }),
            close: () => Promise.resolve(),
          };
          const context = {
            ...{ manifest, configuration: {}, idempotencyKey: 'k' },
            readSecret: () => Promise.resolve(secret),
            tokens: { get: () => Promise.reject(new Error()), keep: () => Promise.reject(new Error()) },
          };
          const ask = { url: 'https://api.example.com/', method: 'GET', headers: {}, body: null };
          const outcome = await performHttp(egress, context, { ...ask, credential: 'apiToken', repeatable: false });
          expect(outcome).toMatchObject({ code: 'SECRET_REFLECTED', answer: { error: { code: 'SECRET_REFLECTED' } } });
        },
      ),
      { numRuns: 150 },
    );
  });
});

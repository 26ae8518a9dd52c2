import { createHmac, generateKeyPairSync } from 'node:crypto';
import { credentialSchema, type Credential } from '@patchbay/plugin-sdk/contract/credential';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Egress } from '../../egress/egress.ts';
import { attachKind } from '../attach-credential.ts';
import type { Means, Outgoing } from './credential-means.ts';

const HOST = 'api.example.com';
const egress: Egress = {
  send: () => Promise.reject(new Error('these kinds ask nobody')),
  close: () => Promise.resolve(),
};

function attach(
  input: Record<string, unknown>,
  secret: string | Record<string, string>,
  outgoing: Partial<Outgoing> & { at: string },
  means: Partial<Means> = {},
) {
  const credential: Credential = credentialSchema.parse({ host: HOST, ...input });
  const stored = typeof secret === 'string' ? secret : JSON.stringify(secret);
  return attachKind(
    credential,
    {
      ...{ name: 'apiToken', configuration: {}, secret: stored, egress, now: new Date() },
      readAgain: () => Promise.resolve(stored),
      tokens: { get: () => Promise.reject(new Error()), keep: () => Promise.reject(new Error()) },
      ...means,
    },
    { url: new URL(outgoing.at), method: 'GET', headers: {}, body: null, ...outgoing },
  );
}

describe('a secret in the address', () => {
  it('goes into the parameter that the manifest names, and only the host sets that', async () => {
    const query = { kind: 'query', parameter: 'key' };
    expect(await attach(query, 'a b&c=d/e', { at: `https://${HOST}/x?y=1` })).toMatchObject({
      url: `https://${HOST}/x?y=1&key=a+b%26c%3Dd%2Fe`,
      hidden: ['a b&c=d/e'],
    });
    expect(await attach(query, 'secret-1', { at: `https://${HOST}/?key=mine` })).toMatchObject({ ok: false });
  });

  it('goes where the path has its name, once, and cannot climb', async () => {
    const at = `https://${HOST}/bot:apiToken/send?chat=1`;
    expect(await attach({ kind: 'path' }, '12345:AA-bb', { at })).toMatchObject({
      url: `https://${HOST}/bot12345:AA-bb/send?chat=1`,
    });
    expect(await attach({ kind: 'path' }, 'T01/B02/a?b#c', { at })).toMatchObject({
      url: `https://${HOST}/botT01/B02/a%3Fb%23c/send?chat=1`,
    });
    for (const [secret, path] of [
      ['../admin-token', '/:apiToken/x'],
      ['secret-1', '/none'],
      ['secret-1', '/:apiToken/:apiToken'],
      ['secret-1', '/:apiTokens/x'],
    ] as const)
      expect(await attach({ kind: 'path' }, secret, { at: `https://${HOST}${path}` })).toMatchObject({ ok: false });
  });
});

describe('a JWT', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const github = {
    ...{ kind: 'jwt', algorithm: 'RS256', lifetimeSeconds: 540 },
    claims: { iss: { configuration: 'appId' } },
  };

  it('is signed by the private key, in either PEM form, with claims of manifest and settings', async () => {
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const pem = rsa.privateKey.export({ type, format: 'pem' }).toString();
      const attached = await attach(github, pem, { at: `https://${HOST}/app` }, { configuration: { appId: 12345 } });
      if (!attached.ok) throw new Error(attached.message);
      const token = attached.headers['authorization']?.replace('Bearer ', '') ?? '';
      const { payload } = await jwtVerify(token, rsa.publicKey, { algorithms: ['RS256'] });
      expect(payload).toMatchObject({ iss: '12345' });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(540);
      expect(attached.hidden).toEqual([pem, token]);
    }
  });

  it('names its key, and is signed by ES256 too', async () => {
    const pem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const kind = { ...github, algorithm: 'ES256', claims: { iss: 'me', aud: 'you' }, keyId: 'key-7' };
    const attached = await attach(kind, pem, { at: `https://${HOST}/` });
    if (!attached.ok) throw new Error(attached.message);
    const token = attached.headers['authorization']?.replace('Bearer ', '') ?? '';
    await jwtVerify(token, ec.publicKey, { algorithms: ['ES256'], issuer: 'me', audience: 'you' });
    expect(decodeProtectedHeader(token)).toMatchObject({ kid: 'key-7', alg: 'ES256' });
  });

  it('is not made of another key, or without a claim', async () => {
    const pem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const at = `https://${HOST}/`;
    expect(await attach(github, pem, { at }, { configuration: { appId: '1' } })).toMatchObject({ ok: false });
    expect(await attach(github, 'no key at all', { at }, { configuration: { appId: '1' } })).toMatchObject({
      ok: false,
    });
    const own = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await attach(github, own, { at })).toMatchObject({ ok: false });
  });
});

/** Requests and signatures of the published test suite for Signature Version 4. */
describe('an AWS signature', () => {
  const now = new Date('2015-08-30T12:36:00Z');
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const sigv4 = { kind: 'sigv4', service: 'service', region: 'us-east-1' };
  const sign = (path: string, rest: Partial<Outgoing> = {}, parts: Record<string, string> = keys) =>
    attach(sigv4, parts, { at: `https://example.amazonaws.com${path}`, ...rest }, { now });

  it.each([
    ['GET', '/', null, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '/', null, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['GET', '/?Param2=value2&Param1=value1', null, 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
    ['POST', '/', 'Param1=value1', 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a'],
  ])('of %s %s with %j is the published one', async (method, path, body, signature) => {
    const headers: Record<string, string> =
      body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const attached = await sign(path, { method, headers, body: body === null ? null : Buffer.from(body) });
    if (!attached.ok) throw new Error(attached.message);
    const signed = body === null ? 'host;x-amz-date' : 'content-type;host;x-amz-date';
    expect(attached.headers['authorization']).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}, Signature=${signature}`,
    );
    expect(attached.headers['x-amz-date']).toBe('20150830T123600Z');
    expect(attached.hidden).toEqual([keys.secretAccessKey]);
  });

  it('carries the session token, and for S3 the digest of the body', async () => {
    const attached = await attach(
      { ...sigv4, service: 's3' },
      { ...keys, sessionToken: 'a-session-token' },
      { at: 'https://example.amazonaws.com/key', method: 'PUT', body: Buffer.from('hello') },
      { now },
    );
    if (!attached.ok) throw new Error(attached.message);
    expect(attached.headers).toMatchObject({
      'x-amz-security-token': 'a-session-token',
      'x-amz-content-sha256': '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
    expect(attached.headers['authorization']).toContain('x-amz-content-sha256;x-amz-date;x-amz-security-token');
  });
});

describe('an HMAC', () => {
  it('is taken over the parts that the manifest names, after the body is known', async () => {
    const now = new Date('2026-01-02T03:04:05Z');
    const kind = {
      ...{ kind: 'hmac', header: 'X-Signature', prefix: 'v1=', encoding: 'base64', separator: '\n' },
      parts: ['method', 'path', 'query', { header: 'X-Date' }, { text: 'v1' }, 'timestamp', 'body'],
      timestamp: { header: 'X-Time', format: 'milliseconds' },
    };
    const attached = await attach(
      kind,
      'a signing key',
      {
        ...{ at: `https://${HOST}/a/b?c=d`, method: 'POST', headers: { 'x-date': 'today' } },
        body: Buffer.from('{"a":1}'),
      },
      { now },
    );
    const text = `POST\n/a/b\nc=d\ntoday\nv1\n${now.getTime()}\n{"a":1}`;
    const signature = createHmac('sha256', 'a signing key').update(text).digest('base64');
    expect(attached).toMatchObject({
      headers: { 'x-signature': `v1=${signature}`, 'x-time': String(now.getTime()) },
      hidden: ['a signing key'],
    });
  });
});

import { createSign, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { signatureSchemeSchema } from '@patchbay/plugin-sdk/contract/verifier';
import { readChain } from './certificate-chain.ts';
import { createJwtVerifier } from './jwt.ts';
import { createPaypalVerifier } from './paypal.ts';
import { testCertificate } from './test-certificate.ts';
import { testPaypalCertificate, testPaypalKey, testRoot } from './test-paypal-certificate.ts';
import { createTravisVerifier } from './travis.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const noNetwork = () => Promise.reject(new Error('no network'));

function pinned(pages: Record<string, string>) {
  const fetched: string[] = [];
  return {
    fetched,
    fetch(url: string) {
      fetched.push(url);
      const page = pages[url];
      return Promise.resolve({ status: page === undefined ? 404 : 200, body: Buffer.from(page ?? '') });
    },
  };
}

const request = (headers: Record<string, string>, body: string | Buffer, settings: Record<string, unknown> = {}) => ({
  headers,
  body: Buffer.from(body as string),
  receivedAt: NOW,
  url: 'https://patchbay.example.com/api/integrations/test',
  settings,
});

describe('PayPal', () => {
  const url = 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-5a29e601';
  const body = '{"event_type":"CUSTOMER.DISPUTE.CREATED"}';
  const signed = (webhookId = 'WH-1', certUrl = url) => ({
    'paypal-transmission-id': 't-1',
    'paypal-transmission-time': '2029-12-30T00:00:00Z',
    'paypal-cert-url': certUrl,
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-transmission-sig': createSign('RSA-SHA256')
      .update(`t-1|2029-12-30T00:00:00Z|${webhookId}|${crc32(body)}`)
      .sign(testPaypalKey, 'base64'),
  });
  const verifier = (certificates: string, roots = [testRoot]) => {
    const { fetch, fetched } = pinned({ [url]: certificates });
    return { verify: createPaypalVerifier(fetch, roots), fetched };
  };

  it('verifies id, time, webhook and checksum, with a certificate that is fetched once', async () => {
    const { verify, fetched } = verifier(testPaypalCertificate);
    const outcome = { outcome: 'verified', proves: 'sender', replay: { id: 'paypal t-1', timed: false } };
    expect(await verify(request(signed(), body), ['WH-0', 'WH-1'])).toEqual(outcome);
    expect(await verify(request(signed(), `${body} `), ['WH-1'])).toMatchObject({ outcome: 'invalid' });
    expect(await verify(request(signed(), body), ['WH-2'])).toMatchObject({ outcome: 'invalid' });
    expect(await verify(request(signed(), body), [])).toEqual({ outcome: 'unset' });
    expect(await verify(request({}, body), ['WH-1'])).toEqual({ outcome: 'absent' });
    for (const name of ['paypal-transmission-id', 'paypal-transmission-time', 'paypal-auth-algo'])
      expect(await verify(request({ ...signed(), [name]: 'x' }, body), ['WH-1'])).toMatchObject({ outcome: 'invalid' });
    expect(fetched).toEqual([url]);
  });

  it('fetches nothing from hosts that are not of PayPal', async () => {
    const { verify, fetched } = verifier(testPaypalCertificate);
    for (const elsewhere of [
      'https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1',
      'https://evil.example/v1/notifications/certs/CERT-1?https://api.paypal.com/',
      'https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1',
      'http://api.paypal.com/v1/notifications/certs/CERT-1',
      'https://api.paypal.com/v1/notifications/certs/../../x',
      'https://evilpaypal.com/v1/notifications/certs/CERT-1',
      'https://api.paypal.com:8443/v1/notifications/certs/CERT-1',
    ])
      expect([elsewhere, await verify(request(signed('WH-1', elsewhere), body), ['WH-1'])]).toMatchObject([
        elsewhere,
        { outcome: 'invalid', reason: 'The certificate is not on a host of PayPal.' },
      ]);
    expect(fetched).toEqual([]);
  });

  it('wants a certificate of PayPal whose chain holds', async () => {
    const refused = { outcome: 'invalid', reason: 'The signing certificate could not be had from PayPal.' };
    const outcomeOf = async (certificates: string, roots?: string[]) =>
      verifier(certificates, roots).verify(request(signed(), body), ['WH-1']);
    expect(await outcomeOf(testPaypalCertificate + testRoot)).toMatchObject({ outcome: 'verified' });
    // Another key under the same name of an issuer.
    expect(await outcomeOf(testPaypalCertificate + testRoot, [testCertificate])).toEqual(refused);
    expect(await outcomeOf(testPaypalCertificate + testCertificate)).toEqual(refused);
    expect(await outcomeOf(testCertificate)).toEqual(refused);
    expect(await outcomeOf('not a certificate')).toEqual(refused);
    expect(() => readChain(testPaypalCertificate, Date.parse('2020-01-01'), [testRoot])).toThrow('not valid now');
  });
});

describe('Travis CI', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const url = 'https://api.travis-ci.com/config';
  const published = JSON.stringify({ config: { notifications: { webhook: { public_key: pem } } } });
  const payload = '{"state":"failed","message":"ä + b & c"}';
  const signature = createSign('RSA-SHA1').update(payload).sign(keys.privateKey, 'base64');
  const body = new URLSearchParams({ payload }).toString();

  it('verifies the payload with the published key, which proves Travis CI alone', async () => {
    const { fetch, fetched } = pinned({ [url]: published });
    const verify = createTravisVerifier(fetch);
    expect(await verify(request({ signature }, body), [])).toMatchObject({ outcome: 'verified', proves: 'vendor' });
    expect(await verify(request({ signature }, body.replace('failed', 'passed')), [])).toMatchObject({
      outcome: 'invalid',
    });
    expect(await verify(request({ signature }, `${body}&${body}`), [])).toMatchObject({ outcome: 'invalid' });
    expect(await verify(request({}, body), [])).toEqual({ outcome: 'absent' });
    expect(fetched).toEqual([url]);
  });

  it('verifies with a key that is set, without asking Travis CI', async () => {
    const verify = createTravisVerifier(noNetwork);
    expect(await verify(request({ signature }, body), [pem])).toMatchObject({ outcome: 'verified' });
    expect(await verify(request({ signature }, body), ['no key at all'])).toMatchObject({ outcome: 'invalid' });
    expect(await verify(request({ signature }, body), [])).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('tokens of identity providers', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = JSON.stringify({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] });
  const pages = {
    'https://www.googleapis.com/oauth2/v3/certs': jwks,
    'https://login.microsoftonline.com/common/discovery/v2.0/keys': jwks,
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: object, header: object = { alg: 'RS256', kid: 'k1' }, key: KeyObject = keys.privateKey) => {
    const text = `${part(header)}.${part(claims)}`;
    return { authorization: `Bearer ${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}` };
  };
  const google = signatureSchemeSchema.parse({
    kind: 'jwt',
    issuer: 'google',
    claims: { aud: 'audience', email: 'serviceAccount' },
  }) as never;
  const entra = signatureSchemeSchema.parse({
    kind: 'jwt',
    issuer: 'microsoft-entra',
    claims: { aud: 'audience', tid: 'tenant' },
  }) as never;
  const settings = { audience: 'https://patchbay.example.com', serviceAccount: 'push@p.iam.gserviceaccount.com' };
  const claims = {
    iss: 'https://accounts.google.com',
    aud: settings.audience,
    email: settings.serviceAccount,
    email_verified: true,
    exp: NOW / 1000 + 3600,
  };
  const check = (scheme: never, headers: Record<string, string>, values: Record<string, unknown> = settings) =>
    createJwtVerifier(pinned(pages).fetch)(scheme, request(headers, '{}', values));

  it('count when issuer, time and the claims of the settings are right', async () => {
    expect(await check(google, token(claims))).toEqual({ outcome: 'verified', proves: 'sender', replay: null });
    for (const wrong of [
      { iss: 'https://evil.example' },
      { aud: 'https://other.example' },
      { email: 'other@p.iam.gserviceaccount.com' },
      { email_verified: false },
      { exp: NOW / 1000 - 301 },
      { exp: undefined },
      { nbf: NOW / 1000 + 301 },
    ])
      expect([wrong, await check(google, token({ ...claims, ...wrong }))]).toMatchObject([
        wrong,
        { outcome: 'invalid' },
      ]);
  });

  it('are never believed by another algorithm, key or form', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await check(google, token(claims, { alg: 'RS256', kid: 'k1' }, other))).toMatchObject({
      outcome: 'invalid',
    });
    for (const header of [{ alg: 'none', kid: 'k1' }, { alg: 'HS256', kid: 'k1' }, { alg: 'RS256' }])
      expect(await check(google, token(claims, header))).toMatchObject({ outcome: 'invalid' });
    expect(await check(google, token(claims, { alg: 'RS256', kid: 'k2' }))).toMatchObject({ outcome: 'invalid' });
    expect(await check(google, { authorization: 'Bearer pbk_abc' })).toEqual({ outcome: 'absent' });
    expect(await check(google, {})).toEqual({ outcome: 'absent' });
  });

  it('count for nothing while a setting that they must match is empty', async () => {
    expect(await check(google, token(claims), { audience: settings.audience })).toEqual({ outcome: 'unset' });
    expect(await check(google, token(claims), { audience: '', serviceAccount: '' })).toEqual({ outcome: 'unset' });
  });

  it('of Microsoft Entra name the tenant that issued them', async () => {
    const tid = '11111111-2222-3333-4444-555555555555';
    const values = { audience: 'api://patchbay', tenant: tid };
    const of = (iss: string) => token({ iss, tid, aud: 'api://patchbay', exp: NOW / 1000 + 60 });
    expect(await check(entra, of(`https://sts.windows.net/${tid}/`), values)).toMatchObject({ outcome: 'verified' });
    expect(await check(entra, of(`https://login.microsoftonline.com/${tid}/v2.0`), values)).toMatchObject({
      outcome: 'verified',
    });
    expect(await check(entra, of('https://sts.windows.net/other/'), values)).toMatchObject({ outcome: 'invalid' });
    expect(await check(entra, of(`https://sts.windows.net/${tid}/`), { ...values, tenant: 'another' })).toMatchObject({
      outcome: 'invalid',
    });
  });
});

import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureSchemeSchema, type SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { createVendorVerifiers } from './vendor-verifiers.ts';
import { verifySignature } from './verify-signature.ts';

const NOW = 1_700_000_000_000;
const vendors = createVendorVerifiers(() => Promise.reject(new Error('no network')));
const scheme = (input: object): SignatureScheme => signatureSchemeSchema.parse(input);

interface Sent {
  headers?: Record<string, string>;
  body?: string | Buffer;
  url?: string;
}

function check(
  one: SignatureScheme,
  { headers = {}, body = '', url = 'https://pb.example/x' }: Sent,
  secrets: string[],
) {
  const request = { headers, body: Buffer.from(body as string), receivedAt: NOW, url, settings: {} };
  return verifySignature([one], request, secrets, vendors);
}

describe('Ed25519', () => {
  const discord = scheme({
    kind: 'ed25519',
    header: 'X-Signature-Ed25519',
    encoding: 'hex',
    signed: ['timestamp', 'body'],
    timestamp: { from: { header: 'X-Signature-Timestamp' } },
  });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const raw = spki.subarray(spki.length - 32);
  const sent = (body: string, at = String(NOW / 1000)): Sent => ({
    headers: {
      'x-signature-ed25519': sign(null, Buffer.from(at + body), privateKey).toString('hex'),
      'x-signature-timestamp': at,
    },
    body,
  });

  it('verifies by a public key in each of its forms', async () => {
    const forms = [
      raw.toString('hex'),
      raw.toString('hex').toUpperCase(),
      raw.toString('base64'),
      `whpk_${raw.toString('base64')}`,
      spki.toString('base64'),
      publicKey.export({ type: 'spki', format: 'pem' }) as string,
    ];
    for (const form of forms)
      expect([form, await check(discord, sent('{"type":1}'), [form])]).toMatchObject([form, { outcome: 'verified' }]);
  });

  it('refuses another body, time, key and what is no key', async () => {
    const key = raw.toString('hex');
    const good = sent('{"type":1}');
    expect(await check(discord, { ...good, body: '{"type":2}' }, [key])).toMatchObject({ outcome: 'invalid' });
    expect(await check(discord, sent('{}', String(NOW / 1000 - 301)), [key])).toMatchObject({ outcome: 'invalid' });
    const headers = { ...good.headers, 'x-signature-timestamp': String(NOW / 1000 + 1) };
    expect(await check(discord, { ...good, headers }, [key])).toMatchObject({ outcome: 'invalid' });
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    expect(await check(discord, good, [other])).toMatchObject({ outcome: 'invalid' });
    expect(await check(discord, good, ['0'.repeat(64), other, key])).toMatchObject({ outcome: 'verified' });
    expect(await check(discord, good, ['no key'])).toMatchObject({ outcome: 'invalid' });
    expect(await check(discord, good, [])).toEqual({ outcome: 'unset' });
    expect(await check(discord, { body: '{}' }, [key])).toEqual({ outcome: 'absent' });
  });

  it('is no ECDSA on another curve, and ECDSA takes no other key', async () => {
    const ecdsa = scheme({ kind: 'ecdsa', header: 'S', encoding: 'base64' });
    const curve = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const signature = sign('sha256', Buffer.from('x'), curve.privateKey).toString('base64');
    const key = curve.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    expect(await check(ecdsa, { headers: { s: signature }, body: 'x' }, [key])).toMatchObject({ outcome: 'invalid' });
    expect(await check(ecdsa, { headers: { s: signature }, body: 'x' }, [raw.toString('hex')])).toMatchObject({
      outcome: 'invalid',
    });
  });
});

describe('HMAC over URL and fields', () => {
  const twilio = scheme({ kind: 'url-hmac', header: 'X-Twilio-Signature', bodyDigest: 'bodySHA256' });
  const URL = 'https://pb.example/api/integrations/twilio?integrationId=int_1&key=pbk_1';
  const signatureOf = (text: string): string => createHmac('sha1', 'token').update(text).digest('base64');
  const form = (text: string, body: string, url = URL): Sent => ({
    headers: {
      'x-twilio-signature': signatureOf(text),
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    },
    body,
    url,
  });

  it('sorts the fields by name and counts a repeated value once', async () => {
    const sent = form(`${URL}Aä b&BtwoB=aoneatwo`, 'a=one&B=two&A=%C3%A4+b%26&a=two&a=one&B%3D=');
    expect(await check(twilio, sent, ['token'])).toMatchObject({ outcome: 'verified', proves: 'sender' });
    expect(await check(twilio, { ...sent, body: 'a=one&B=two' }, ['token'])).toMatchObject({ outcome: 'invalid' });
    expect(await check(twilio, { ...sent, url: `${URL}&x=1` }, ['token'])).toMatchObject({ outcome: 'invalid' });
  });

  it('takes the URL with and without its port', async () => {
    const withPort = URL.replace('pb.example', 'pb.example:443');
    expect(await check(twilio, form(`${withPort}a1`, 'a=1'), ['token'])).toMatchObject({ outcome: 'verified' });
    expect(await check(twilio, form(`${URL}a1`, 'a=1', withPort), ['token'])).toMatchObject({ outcome: 'verified' });
    const other = URL.replace('pb.example', 'pb.example:8443');
    expect(await check(twilio, form(`${other}a1`, 'a=1'), ['token'])).toMatchObject({ outcome: 'invalid' });
  });

  it('never leaves a body out', async () => {
    const json = '{"a":1}';
    const digest = createHash('sha256').update(json).digest('hex');
    const url = `${URL}&bodySHA256=${digest}`;
    const headers = { 'x-twilio-signature': signatureOf(url), 'content-type': 'application/json' };
    expect(await check(twilio, { headers, body: json, url }, ['token'])).toMatchObject({ outcome: 'verified' });
    expect(await check(twilio, { headers, body: '{"a":2}', url }, ['token'])).toMatchObject({ outcome: 'invalid' });
    const unsigned = { ...headers, 'x-twilio-signature': signatureOf(URL) };
    expect(await check(twilio, { headers: unsigned, body: json, url: URL }, ['token'])).toMatchObject({
      outcome: 'invalid',
    });
    expect(await check(twilio, { headers: unsigned, url: URL }, ['token'])).toMatchObject({ outcome: 'verified' });
  });

  it('works on the bytes of the fields', async () => {
    const signature = createHmac('sha1', 'token')
      .update(`${URL}a`)
      .update(Buffer.from([0xff]))
      .digest('base64');
    const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
    expect(await check(twilio, { headers, body: 'a=%FF', url: URL }, ['token'])).toMatchObject({ outcome: 'verified' });
    expect(await check(twilio, { headers, body: 'a=%FE', url: URL }, ['token'])).toMatchObject({ outcome: 'invalid' });
  });
});

describe('secrets that are sent themselves', () => {
  it('stand in Basic as password, or with the user', async () => {
    const basic = scheme({ kind: 'basic' });
    const sent = (text: string): Sent => ({ headers: { authorization: `Basic ${btoa(text)}` } });
    expect(await check(basic, sent('anyone:pass:word'), ['pass:word'])).toMatchObject({ outcome: 'verified' });
    expect(await check(basic, sent('user:pass:word'), ['user:pass:word'])).toMatchObject({ outcome: 'verified' });
    expect(await check(basic, sent('other:pass'), ['user:pass'])).toMatchObject({ outcome: 'invalid' });
    expect(await check(basic, { headers: { authorization: 'Bearer x' } }, ['x'])).toEqual({ outcome: 'absent' });
    expect(await check(basic, sent('u:p'), [])).toEqual({ outcome: 'unset' });
  });

  it('stand in the query, or in a field of JSON or a form', async () => {
    const query = scheme({ kind: 'token-query', parameter: 'auth_token' });
    const url = 'https://pb.example/x?auth_token=s3cret&a=1';
    expect(await check(query, { url }, ['s3cret'])).toMatchObject({ outcome: 'verified' });
    expect(await check(query, { url: url.replace('s3', 's4') }, ['s3cret'])).toMatchObject({ outcome: 'invalid' });
    expect(await check(query, {}, ['s3cret'])).toEqual({ outcome: 'absent' });
    const field = scheme({ kind: 'token-body', field: 'token' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await check(field, { headers, body: 'a=1&token=s3cret' }, ['s3cret'])).toMatchObject({
      outcome: 'verified',
    });
    expect(await check(field, { headers, body: 'token=x' }, ['s3cret'])).toMatchObject({ outcome: 'invalid' });
  });
});

describe('the name of a delivery, for replay protection', () => {
  const body = '{}';
  const hmac = (text: string, encoding: 'hex' | 'base64' = 'hex') =>
    createHmac('sha256', 'k').update(text).digest(encoding);
  const replayOf = async (one: SignatureScheme, headers: Record<string, string>) => {
    const outcome = await check(one, { headers, body }, ['k']);
    return outcome.outcome === 'verified' ? outcome.replay : outcome;
  };

  it('is the id that is signed, whatever else changes', async () => {
    const t = String(NOW / 1000);
    const one = scheme({
      kind: 'hmac',
      header: 'S',
      hash: 'sha256',
      encoding: 'hex',
      signed: [{ header: 'Id' }, 'timestamp', 'body'],
      timestamp: { from: { header: 'T' } },
      idHeader: 'id',
    });
    expect(await replayOf(one, { s: hmac(`7${t}{}`), id: '7', t })).toEqual({ id: 'id 7', timed: true });
  });

  it('is the signature where time is signed, so that an id that is not signed cannot make it new', async () => {
    const t = String(NOW / 1000);
    const one = scheme({
      kind: 'hmac',
      header: 'S',
      hash: 'sha256',
      encoding: 'hex',
      signed: ['timestamp', 'body'],
      timestamp: { from: { header: 'T' } },
      idHeader: 'id',
    });
    const first = await replayOf(one, { s: hmac(`${t}{}`), id: '7', t });
    expect(first).toMatchObject({ timed: true });
    expect(await replayOf(one, { s: hmac(`${t}{}`), id: '8', t })).toEqual(first);
  });

  it('is id and signature where only the body is signed, and nothing without an id', async () => {
    const one = scheme({ kind: 'hmac', header: 'S', hash: 'sha256', encoding: 'hex', idHeader: 'id' });
    const first = await replayOf(one, { s: hmac('{}'), id: '7' });
    expect(first).toMatchObject({ timed: false });
    expect(await replayOf(one, { s: hmac('{}'), id: '8' })).not.toEqual(first);
    expect(await replayOf(one, { s: hmac('{}') })).toBeNull();
  });
});

import { createHmac, createSign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureSchemeSchema, type SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { schemesOf } from '../integration-schemes.ts';
import { testCertificate, testPrivateKey } from './test-certificate.ts';
import { createVendorVerifiers } from './vendor-verifiers.ts';
import { verifySignature } from './verify-signature.ts';

const scheme = (input: object): SignatureScheme => signatureSchemeSchema.parse(input);
const noNetwork = createVendorVerifiers(() => Promise.reject(new Error('no network')));
const NOW = 1_700_000_000_000;

function check(
  schemes: readonly SignatureScheme[],
  headers: Record<string, string>,
  body: string | Buffer,
  secrets: string[],
  receivedAt = NOW,
  vendors = noNetwork,
) {
  const url = 'https://patchbay.example.com/api/integrations/test?integrationId=int_1';
  const request = { headers, body: Buffer.from(body as string), receivedAt, url, settings: {} };
  return verifySignature(schemes, request, secrets, vendors);
}

const github = scheme({
  kind: 'hmac',
  header: 'X-Hub-Signature-256',
  prefix: 'sha256=',
  hash: 'sha256',
  encoding: 'hex',
  idHeader: 'X-GitHub-Delivery',
});
const standard = scheme({
  kind: 'hmac',
  header: 'webhook-signature',
  prefix: 'v1,',
  list: ' ',
  hash: 'sha256',
  encoding: 'base64',
  signed: [{ header: 'webhook-id' }, 'timestamp', 'body'],
  separator: '.',
  key: 'whsec',
  timestamp: { from: { header: 'webhook-timestamp' }, unit: 's' },
  idHeader: 'webhook-id',
});
const stripe = scheme({
  kind: 'hmac',
  header: 'Stripe-Signature',
  prefix: 'v1=',
  list: ',',
  hash: 'sha256',
  encoding: 'hex',
  signed: ['timestamp', 'body'],
  separator: '.',
  timestamp: { from: { pair: 't' } },
});
const grafana = scheme({
  kind: 'hmac',
  header: 'X-Grafana-Alerting-Signature',
  hash: 'sha256',
  encoding: 'hex',
  signed: ['timestamp', { literal: ':' }, 'body'],
  timestamp: { from: { header: 'X-Grafana-Alerting-Timestamp' }, optional: true },
});

describe('what a sender is told of several schemes', () => {
  const bare = scheme({ kind: 'hmac', header: 'X-Signature', hash: 'sha256', encoding: 'hex' });
  const named = scheme({ kind: 'hmac', header: 'X-Signature', prefix: 'sha256=', hash: 'sha256', encoding: 'hex' });
  const wrong = 'a'.repeat(64);

  it('is what is wrong by the scheme whose form its signature has', async () => {
    const mismatch = { outcome: 'invalid', reason: 'The signature does not match the body with any valid secret.' };
    for (const schemes of [
      [bare, named],
      [named, bare],
    ]) {
      expect(await check(schemes, { 'x-signature': wrong }, 'body', ['secret'])).toEqual(mismatch);
      expect(await check(schemes, { 'x-signature': `sha256=${wrong}` }, 'body', ['secret'])).toEqual(mismatch);
      expect(await check(schemes, { 'x-signature': 'nonsense' }, 'body', ['secret'])).toMatchObject({
        outcome: 'invalid',
        reason: 'The header X-Signature does not have the expected form.',
      });
    }
  });
});

describe('HMAC schemes', () => {
  it('agree with the vector that GitHub publishes', async () => {
    const headers = {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      'x-github-delivery': 'd1',
    };
    const secret = "It's a Secret to Everybody";
    expect(await check([github], headers, 'Hello, World!', ['old', secret])).toMatchObject({ outcome: 'verified' });
    expect(await check([github], headers, 'Hello, World?', [secret])).toMatchObject({ outcome: 'invalid' });
    expect(await check([github], headers, 'Hello, World!', [])).toEqual({ outcome: 'unset' });
    expect(await check([github], {}, 'Hello, World!', [secret])).toEqual({ outcome: 'absent' });
  });

  it('agree with the vector that Standard Webhooks publishes, within the tolerance only', async () => {
    const headers = {
      'webhook-id': 'msg_loFOjxBNrRLzqYUf',
      'webhook-timestamp': '1731705121',
      'webhook-signature': 'v1,AAAA v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    };
    const body = '{"event_type":"ping","data":{"success":true}}';
    const at = (ms: number) => check([standard], headers, body, ['whsec_plJ3nmyCDGBKInavdOK15jsl'], ms);
    expect(await at(1_731_705_121_000 + 299_000)).toMatchObject({ outcome: 'verified' });
    expect(await at(1_731_705_121_000 + 301_000)).toMatchObject({ outcome: 'invalid' });
    expect(await at(1_731_705_121_000 - 301_000)).toMatchObject({ outcome: 'invalid' });
  });

  it('read timestamp and signatures from pairs in one header', async () => {
    const t = String(NOW / 1000);
    const digest = createHmac('sha256', 'k').update(`${t}.{}`).digest('hex');
    expect(await check([stripe], { 'stripe-signature': `t=${t},v0=ff,v1=${digest}` }, '{}', ['k'])).toMatchObject({
      outcome: 'verified',
    });
    expect(await check([stripe], { 'stripe-signature': `v1=${digest}` }, '{}', ['k'])).toMatchObject({
      outcome: 'invalid',
    });
    expect(await check([stripe], { 'stripe-signature': `t=1e9,v1=${digest}` }, '{}', ['k'])).toMatchObject({
      outcome: 'invalid',
    });
  });

  it('sign the body alone where an optional timestamp is left out, and never ignore one that is there', async () => {
    const plain = createHmac('sha256', 'k').update('{}').digest('hex');
    const t = String(NOW / 1000);
    const timed = createHmac('sha256', 'k').update(`${t}:{}`).digest('hex');
    const name = 'x-grafana-alerting-signature';
    const time = 'x-grafana-alerting-timestamp';
    expect(await check([grafana], { [name]: plain }, '{}', ['k'])).toMatchObject({ outcome: 'verified' });
    expect(await check([grafana], { [name]: timed, [time]: t }, '{}', ['k'])).toMatchObject({ outcome: 'verified' });
    expect(await check([grafana], { [name]: plain, [time]: t }, '{}', ['k'])).toMatchObject({ outcome: 'invalid' });
  });

  it('work on bytes: two bodies that decode alike do not verify alike', async () => {
    const one = Buffer.from([0x7b, 0xff, 0x7d]);
    const other = Buffer.from([0x7b, 0xfe, 0x7d]);
    const headers = { 'x-hub-signature-256': `sha256=${createHmac('sha256', 'k').update(one).digest('hex')}` };
    expect(await check([github], headers, one, ['k'])).toMatchObject({ outcome: 'verified' });
    expect(await check([github], headers, other, ['k'])).toMatchObject({ outcome: 'invalid' });
  });

  it('are the generic X-Signature where the vendor has none', async () => {
    const digest = createHmac('sha256', 'k').update('{}').digest('hex');
    for (const value of [`sha256=${digest}`, digest])
      expect(await check(schemesOf([], {}, null), { 'x-signature': value }, '{}', ['k'])).toMatchObject({
        outcome: 'verified',
      });
    expect(await check(schemesOf([], {}, null), { 'x-signature': 'sha1=ff' }, '{}', ['k'])).toMatchObject({
      outcome: 'invalid',
    });
    expect(await check(schemesOf([github], {}, null), { 'x-signature': digest }, '{}', ['k'])).toEqual({
      outcome: 'absent',
    });
  });
});

describe('token schemes', () => {
  it('compare a header or a field of the body with the secret', async () => {
    const header = scheme({ kind: 'token-header', header: 'X-Gitlab-Token' });
    const field = scheme({ kind: 'token-body', field: 'shared_secret' });
    expect(await check([header], { 'x-gitlab-token': 's3cret' }, '', ['a', 's3cret'])).toMatchObject({
      outcome: 'verified',
    });
    expect(await check([header], { 'x-gitlab-token': 's3cre' }, '', ['s3cret'])).toMatchObject({ outcome: 'invalid' });
    expect(await check([field], {}, '{"shared_secret":"s"}', ['s'])).toMatchObject({ outcome: 'verified' });
    expect(await check([field], {}, '{"shared_secret":"t"}', ['s'])).toMatchObject({ outcome: 'invalid' });
    expect(await check([field], {}, '["s"]', ['s'])).toEqual({ outcome: 'absent' });
  });
});

describe('Amazon SNS', () => {
  const sns = scheme({ kind: 'sns' });
  const message = {
    Type: 'Notification',
    MessageId: 'm-1',
    TopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
    Subject: 'ALARM',
    Message: '{"AlarmName":"x"}',
    Timestamp: '2026-01-01T00:00:00.000Z',
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-abc.pem',
  };
  const sign = (fields: Record<string, string>): string => {
    const names =
      fields['Type'] === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = names
      .filter((name) => fields[name] !== undefined)
      .map((name) => `${name}\n${fields[name]}\n`)
      .join('');
    const signer = createSign(fields['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text);
    return JSON.stringify({ ...fields, Signature: signer.sign(testPrivateKey, 'base64') });
  };
  const fetched: string[] = [];
  const verifier = () =>
    createVendorVerifiers((url) => {
      fetched.push(url);
      return Promise.resolve({ status: 200, body: Buffer.from(testCertificate) });
    });
  const verify = (body: string, withVerifier = verifier()) =>
    check([sns], {}, body, [], Date.parse('2030-01-01'), withVerifier);

  it('verifies both signature versions and says of which topic', async () => {
    for (const version of ['1', '2'])
      expect(await verify(sign({ ...message, SignatureVersion: version }))).toEqual({
        outcome: 'verified',
        proves: 'vendor',
        replay: { id: 'sns m-1', timed: false },
        topicArn: message.TopicArn,
      });
    const { Subject: _, ...without } = message;
    expect(await verify(sign(without))).toMatchObject({ outcome: 'verified' });
  });

  it('refuses a changed message and certificates from elsewhere, without fetching them', async () => {
    expect(await verify(sign(message).replace('ALARM', 'OK'))).toMatchObject({ outcome: 'invalid' });
    fetched.length = 0;
    for (const url of [
      'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
      'https://sns.eu-west-1.amazonaws.com@evil.example/x.pem',
      'http://sns.eu-west-1.amazonaws.com/x.pem',
      'https://sns.us-east-1.amazonaws.com/x.pem',
      'https://evil.example/?https://sns.eu-west-1.amazonaws.com/x.pem',
      'https://sns.eu-west-1.amazonaws.com/../x.pem?y.pem',
    ])
      expect([url, await verify(sign({ ...message, SigningCertURL: url }))]).toMatchObject([
        url,
        { outcome: 'invalid' },
      ]);
    expect(fetched).toEqual([]);
  });

  it('fetches a certificate once', async () => {
    fetched.length = 0;
    const one = verifier();
    await Promise.all([verify(sign(message), one), verify(sign(message), one)]);
    await verify(sign(message), one);
    expect(fetched).toHaveLength(1);
  });

  it('is absent from bodies of another kind and refuses what it cannot check', async () => {
    expect(await verify('{"AlarmName":"raw"}')).toEqual({ outcome: 'absent' });
    expect(await verify('not json')).toEqual({ outcome: 'absent' });
    expect(await verify(sign(message), noNetwork)).toMatchObject({ outcome: 'unavailable' });
  });
});

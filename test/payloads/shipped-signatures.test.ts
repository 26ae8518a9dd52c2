import { createHash, createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPaypalVerifier } from '@patchbay/host/ingest/verification/paypal';
import { testCertificate, testPrivateKey } from '@patchbay/host/ingest/verification/test-certificate';
import {
  testPaypalCertificate,
  testPaypalKey,
  testRoot,
} from '@patchbay/host/ingest/verification/test-paypal-certificate';
import { createVendorVerifiers } from '@patchbay/host/ingest/verification/vendor-verifiers';
import { verifySignature } from '@patchbay/host/ingest/verification/verify-signature';
import { ingestPlugins, pluginManifest } from '../plugins/plugin-run.ts';

/**
 * One request of each vendor, signed as its documentation says with nothing of ours, and checked by what the shipped
 * plugin declares.
 */
interface Signed {
  /** Where a vendor has several forms. */
  readonly form?: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The body is not signed: the sender shows a secret, no more. */
  readonly bodyIsFree?: true;
  /** The time is signed, so that an old request is refused. */
  readonly isTimed?: true;
  /** Headers that the signature does not cover. */
  readonly free?: readonly string[];
}

// Within the validity of the test's certificates.
const NOW = Date.parse('2030-01-01T00:00:00Z');
const SECONDS = String(NOW / 1000);
const SECRET = 'a-secret-of-the-sender';
const BODY = '{"text":"Grüße 🚨","n":1.0}';
const URL_OF_DOOR = 'https://patchbay.example.com/api/integrations/test?integrationId=int_1';
const hmac = (text: string, hash = 'sha256', encoding: 'hex' | 'base64' = 'hex', key: string | Buffer = SECRET) =>
  createHmac(hash, key).update(text).digest(encoding);
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const byBody = (header: string, value: string): Signed => ({
  secret: SECRET,
  headers: { [header]: value },
  body: BODY,
});
const byToken = (header: string, value = SECRET): Signed => ({ ...byBody(header, value), bodyIsFree: true });
const withPassword: Signed[] = [
  { ...byToken('authorization', basic(`user:${SECRET}`)), secret: `user:${SECRET}`, form: 'password' },
];

const standardKey = Buffer.from('0123456789abcdef0123456789abcdef');
const standardWebhooks: Signed = {
  form: 'Standard Webhooks',
  secret: `whsec_${standardKey.toString('base64')}`,
  headers: {
    'webhook-id': 'msg_1',
    'webhook-timestamp': SECONDS,
    'webhook-signature': `v1,${hmac(`msg_1.${SECONDS}.${BODY}`, 'sha256', 'base64', standardKey)}`,
  },
  body: BODY,
  isTimed: true,
};

const fields = { Body: 'Grüße & mehr', MessageSid: 'SM1', To: '+4930123456' };
const byFields = (header: string): Signed => ({
  form: 'fields',
  secret: SECRET,
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    [header]: hmac(`${URL_OF_DOOR}Body${fields.Body}MessageSid${fields.MessageSid}To${fields.To}`, 'sha1', 'base64'),
  },
  body: new URLSearchParams(fields).toString(),
  free: ['content-type'],
});
const digestUrl = `${URL_OF_DOOR}&bodySHA256=${createHash('sha256').update(BODY).digest('hex')}`;

const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = { type: 'spki', format: 'der' } as const;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims: object): string {
  const text = `${encoded({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encoded({
    ...claims,
    iat: NOW / 1000 - 10,
    nbf: NOW / 1000 - 10,
    exp: NOW / 1000 + 600,
  })}`;
  return `Bearer ${text}.${createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url')}`;
}

const snsFields = {
  Message: '{"AlarmName":"a"}',
  MessageId: 'm-1',
  Subject: 'ALARM',
  Timestamp: '2030-01-01T00:00:00.000Z',
  TopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  Type: 'Notification',
};
const sns = (version: '1' | '2'): Signed => ({
  form: `version ${version}`,
  secret: '',
  headers: {},
  body: JSON.stringify({
    ...snsFields,
    SignatureVersion: version,
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/cert.pem',
    Signature: createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
      .update(
        Object.entries(snsFields)
          .map(([name, value]) => `${name}\n${value}\n`)
          .join(''),
      )
      .sign(testPrivateKey, 'base64'),
  }),
});

const PAYPAL_CERTIFICATE = 'https://api.paypal.com/v1/notifications/certs/CERT-1';
const payload = '{"state":"failed","number":7}';
const TENANT = '11111111-2222-3333-4444-555555555555';

const signedBy: Record<string, readonly Signed[]> = {
  appdynamics: withPassword,
  azure: [
    {
      ...byToken(
        'authorization',
        token({ iss: `https://sts.windows.net/${TENANT}/`, aud: 'api://patchbay', tid: TENANT }),
      ),
      settings: { audience: 'api://patchbay', tenant: TENANT },
    },
  ],
  bitbucket: [byBody('x-hub-signature', `sha256=${hmac(BODY)}`)],
  circleci: [byBody('circleci-signature', `v1=${hmac(BODY)},v2=${hmac(BODY, 'sha512')}`)],
  cloudwatch: [sns('1'), sns('2')],
  confluence: [byBody('x-hub-signature', `sha256=${hmac(BODY)}`)],
  datadog: withPassword,
  discord: [
    {
      secret: ed25519.publicKey.export(spki).subarray(-32).toString('hex'),
      headers: {
        'x-signature-ed25519': sign(null, Buffer.from(SECONDS + BODY), ed25519.privateKey).toString('hex'),
        'x-signature-timestamp': SECONDS,
      },
      body: BODY,
      isTimed: true,
    },
  ],
  dynatrace: withPassword,
  elastic: withPassword,
  github: [
    byBody('x-hub-signature-256', `sha256=${hmac(BODY)}`),
    { ...byToken('x-gitlab-token'), form: 'of GitLab' },
    standardWebhooks,
  ],
  gitlab: [{ ...byToken('x-gitlab-token'), form: 'secret token' }, standardWebhooks],
  'google-cloud-monitoring': [
    ...withPassword,
    {
      ...byToken(
        'authorization',
        token({ iss: 'https://accounts.google.com', aud: 'patchbay', email: 'a@b.example', email_verified: true }),
      ),
      form: 'Pub/Sub',
      settings: { audience: 'patchbay', serviceAccount: 'a@b.example' },
    },
  ],
  grafana: [
    { ...byBody('x-grafana-alerting-signature', hmac(BODY)), form: 'body' },
    {
      form: 'timestamp and body',
      secret: SECRET,
      headers: {
        'x-grafana-alerting-signature': hmac(`${SECONDS}:${BODY}`),
        'x-grafana-alerting-timestamp': SECONDS,
      },
      body: BODY,
      isTimed: true,
    },
  ],
  honeycomb: [
    { ...byToken('x-honeycomb-webhook-token'), form: 'header' },
    { form: 'field', secret: SECRET, headers: {}, body: JSON.stringify({ shared_secret: SECRET }), bodyIsFree: true },
  ],
  jira: [byBody('x-hub-signature', `sha256=${hmac(BODY)}`)],
  newrelic: withPassword,
  pagerduty: [byBody('x-pagerduty-signature', `v1=${hmac(BODY, 'sha256', 'hex', 'the one before')},v1=${hmac(BODY)}`)],
  paypal: [
    {
      secret: 'WH-1',
      headers: {
        'paypal-transmission-id': 't-1',
        'paypal-transmission-time': '2029-12-30T00:00:00Z',
        'paypal-cert-url': PAYPAL_CERTIFICATE,
        'paypal-auth-algo': 'SHA256withRSA',
        'paypal-transmission-sig': createSign('RSA-SHA256')
          .update(`t-1|2029-12-30T00:00:00Z|WH-1|${crc32(BODY)}`)
          .sign(testPaypalKey, 'base64'),
      },
      body: BODY,
    },
  ],
  sendgrid: [
    {
      secret: p256.publicKey.export(spki).toString('base64'),
      headers: {
        'x-twilio-email-event-webhook-signature': createSign('SHA256')
          .update(SECONDS + BODY)
          .sign(p256.privateKey, 'base64'),
        'x-twilio-email-event-webhook-timestamp': SECONDS,
      },
      body: BODY,
      isTimed: true,
    },
  ],
  sentry: [byBody('sentry-hook-signature', hmac(BODY))],
  shopify: [byBody('x-shopify-hmac-sha256', hmac(BODY, 'sha256', 'base64'))],
  slack: [
    {
      secret: SECRET,
      headers: {
        'x-slack-signature': `v0=${hmac(`v0:${SECONDS}:${BODY}`)}`,
        'x-slack-request-timestamp': SECONDS,
      },
      body: BODY,
      isTimed: true,
    },
  ],
  'splunk-observability': [byBody('x-sfx-signature', hmac(BODY, 'sha256', 'base64'))],
  'splunk-oncall': [byFields('x-victorops-signature')],
  stripe: [
    {
      ...byBody('stripe-signature', `t=${SECONDS},v1=${hmac(`${SECONDS}.${BODY}`)},v0=${'0'.repeat(64)}`),
      isTimed: true,
    },
  ],
  supabase: [standardWebhooks],
  travis: [
    {
      secret: rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      headers: { signature: createSign('RSA-SHA1').update(payload).sign(rsa.privateKey, 'base64') },
      body: new URLSearchParams({ payload }).toString(),
    },
  ],
  twilio: [
    byFields('x-twilio-signature'),
    {
      form: 'digest in the URL',
      secret: SECRET,
      headers: { 'content-type': 'application/json', 'x-twilio-signature': hmac(digestUrl, 'sha1', 'base64') },
      body: BODY,
      url: digestUrl,
      free: ['content-type'],
    },
  ],
  vercel: [byBody('x-vercel-signature', hmac(BODY, 'sha1'))],
  webhook: [
    standardWebhooks,
    { ...byBody('x-signature', `sha256=${hmac(BODY)}`), form: 'generic' },
    { ...byBody('x-signature', hmac(BODY)), form: 'generic, the digest alone' },
  ],
};

const jwks = JSON.stringify({ keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] });
const fetchPinned = (url: string): Promise<{ status: number; body: Buffer }> => {
  const page = url.endsWith('.pem') ? testCertificate : url === PAYPAL_CERTIFICATE ? testPaypalCertificate : jwks;
  return Promise.resolve({ status: 200, body: Buffer.from(page) });
};
// The certificate of the test ends in a root of the test; which roots are believed is not the manifest's to say.
const vendors = {
  ...createVendorVerifiers(fetchPinned),
  paypal: createPaypalVerifier(fetchPinned, [testRoot]),
};

async function outcomeOf(plugin: string, signed: Signed, change: { body?: Buffer; at?: number } = {}) {
  const { headers, url = URL_OF_DOOR, secret, settings = {} } = signed;
  const request = {
    headers,
    body: change.body ?? Buffer.from(signed.body),
    receivedAt: change.at ?? NOW,
    url,
    settings,
  };
  const secrets = secret === '' ? [] : ['another-secret', secret];
  return (await verifySignature(pluginManifest(plugin).authentication.signatures, request, secrets, vendors)).outcome;
}

function flipped(text: string, at: number): Buffer {
  const bytes = Buffer.from(text);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

/** What one byte is worth: base64 may carry bits at its end that say nothing, and SNS lines that are not signed. */
const places = (text: string): number[] => [0, text.length >> 2, text.length >> 1];

const all = Object.entries(signedBy).flatMap(([plugin, forms]) =>
  forms.map((signed) => [`${plugin}${signed.form === undefined ? '' : `, ${signed.form}`}`, plugin, signed] as const),
);

describe('the signatures of vendors, by what the shipped plugins declare', () => {
  it('are of every plugin that declares one', () => {
    const declared = ingestPlugins().filter((name) => pluginManifest(name).authentication.signatures.length > 0);
    expect(Object.keys(signedBy).sort()).toEqual(declared.sort());
  });

  it.each(all)('%s: verifies', async (_name, plugin, signed) => {
    expect(await outcomeOf(plugin, signed)).toBe('verified');
    if (signed.secret !== '' && signed.settings === undefined)
      expect(await outcomeOf(plugin, { ...signed, secret: 'not-the-secret' })).toBe('invalid');
    if (signed.settings !== undefined)
      for (const name of Object.keys(signed.settings))
        expect(await outcomeOf(plugin, { ...signed, settings: { ...signed.settings, [name]: 'other' } })).toBe(
          'invalid',
        );
  });

  it.each(all.filter(([, , { bodyIsFree }]) => bodyIsFree === undefined))(
    '%s: does not with a byte of the body changed',
    async (_name, plugin, signed) => {
      const whole = Buffer.from(signed.body);
      const ends = plugin === 'cloudwatch' ? Buffer.byteLength(JSON.stringify(snsFields)) - 1 : whole.length;
      for (let at = 0; at < ends; at++) {
        const body = Buffer.from(whole);
        body[at] = (body[at] ?? 0) ^ 1;
        // A letter of the name of a line makes it another line, which is then missing: refused or no such message at all.
        expect([at, await outcomeOf(plugin, signed, { body })]).not.toEqual([at, 'verified']);
      }
      const body = Buffer.concat([whole, Buffer.from(' ')]);
      if (plugin !== 'cloudwatch') expect(await outcomeOf(plugin, signed, { body })).toBe('invalid');
    },
  );

  it.each(all.filter(([, , { headers }]) => Object.keys(headers).length > 0))(
    '%s: does not with a byte of a header changed, or without it',
    async (_name, plugin, signed) => {
      for (const [name, value] of Object.entries(signed.headers)) {
        if (signed.free?.includes(name) === true) continue;
        for (const at of places(value)) {
          // In a list of signatures any one is enough: the byte is changed in all of them.
          const text = value
            .split(',')
            .map((part) => flipped(part, Math.min(at, part.length - 1)).toString('latin1'))
            .join(',');
          const headers = { ...signed.headers, [name]: text };
          expect([name, at, await outcomeOf(plugin, { ...signed, headers })]).not.toEqual([name, at, 'verified']);
        }
        const { [name]: _gone, ...headers } = signed.headers;
        expect([name, await outcomeOf(plugin, { ...signed, headers })]).not.toEqual([name, 'verified']);
      }
    },
  );

  it.each(all.filter(([, , { isTimed }]) => isTimed))('%s: does not five minutes late or early', async (...vector) => {
    const [, plugin, signed] = vector;
    for (const off of [-300_000, 300_000]) expect(await outcomeOf(plugin, signed, { at: NOW + off })).toBe('verified');
    for (const off of [-301_000, 301_000]) expect(await outcomeOf(plugin, signed, { at: NOW + off })).toBe('invalid');
  });
});

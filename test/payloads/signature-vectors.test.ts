import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createVendorVerifiers } from '@patchbay/host/ingest/verification/vendor-verifiers';
import { verifySignature } from '@patchbay/host/ingest/verification/verify-signature';
import { signatureSchemeSchema, type SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';

/** Signatures that vendors and other projects publish with body and secret; skipped where the folder is absent. */
const folder = process.env.PATCHBAY_PAYLOADS ?? fileURLToPath(new URL('../../../shared/payloads', import.meta.url));
const file = join(folder, 'signature-vectors.json');

interface Vector {
  provider: string;
  secret?: string;
  public_key_spki_base64?: string;
  headers: Record<string, string>;
  body?: string;
  params?: Record<string, string>;
  url_signed?: string;
}

const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Vector[]) : [];

const sha256 = { kind: 'hmac', hash: 'sha256', encoding: 'hex' } as const;
const schemes: Record<string, object> = {
  slack: {
    ...sha256,
    header: 'X-Slack-Signature',
    prefix: 'v0=',
    signed: [{ literal: 'v0' }, 'timestamp', 'body'],
    separator: ':',
    timestamp: { from: { header: 'X-Slack-Request-Timestamp' } },
  },
  twilio: { kind: 'url-hmac', header: 'X-Twilio-Signature', bodyDigest: 'bodySHA256' },
  circleci: { ...sha256, header: 'circleci-signature', prefix: 'v1=', list: ',' },
  github: { ...sha256, header: 'X-Hub-Signature-256', prefix: 'sha256=', idHeader: 'X-GitHub-Delivery' },
  generic: { ...sha256, header: 'X-Hub-Signature', prefix: 'sha256=' },
  'standard-webhooks': {
    kind: 'hmac',
    header: 'webhook-signature',
    prefix: 'v1,',
    list: ' ',
    hash: 'sha256',
    encoding: 'base64',
    signed: [{ header: 'webhook-id' }, 'timestamp', 'body'],
    separator: '.',
    key: 'whsec',
    timestamp: { from: { header: 'webhook-timestamp' } },
    idHeader: 'webhook-id',
  },
  sendgrid: {
    kind: 'ecdsa',
    header: 'X-Twilio-Email-Event-Webhook-Signature',
    encoding: 'base64',
    signed: ['timestamp', 'body'],
    timestamp: { from: { header: 'X-Twilio-Email-Event-Webhook-Timestamp' } },
  },
};

function schemeOf({ provider }: Vector): SignatureScheme {
  return signatureSchemeSchema.parse(schemes[provider.split(' ')[0] ?? '']);
}

const vendors = createVendorVerifiers(() => Promise.reject(new Error('no network')));

/** The vector as a request, received when it says that it was sent. */
function requestOf(vector: Vector) {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(vector.headers)) headers[name.toLowerCase()] = value;
  if (vector.params !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
  const text = vector.params === undefined ? vector.body : new URLSearchParams(vector.params).toString();
  const timestamp = Object.entries(headers).find(([name]) => name.endsWith('-timestamp'))?.[1];
  return {
    headers,
    body: Buffer.from(text ?? ''),
    receivedAt: timestamp === undefined ? Date.now() : Number(timestamp) * 1000,
    url: vector.url_signed ?? 'https://example.com/',
    settings: {},
  };
}

type Request = Omit<ReturnType<typeof requestOf>, 'body'> & { body: Buffer };

const verify = (vector: Vector, request: Request, secrets = [vector.secret ?? vector.public_key_spki_base64 ?? '']) =>
  verifySignature([schemeOf(vector)], request, secrets, vendors);

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe.skipIf(vectors.length === 0)(`published signatures (skipped without ${file})`, () => {
  it.each(vectors.map((vector, index) => [`${index} ${vector.provider}`, vector] as const))(
    '%s',
    async (_name, vector) => {
      const request = requestOf(vector);
      const secret = vector.secret ?? vector.public_key_spki_base64 ?? '';
      expect(await verify(vector, request)).toMatchObject({ outcome: 'verified', proves: 'sender' });
      expect(await verify(vector, request, ['not-the-secret', secret])).toMatchObject({ outcome: 'verified' });
      expect(await verify(vector, request, ['not-the-secret'])).toMatchObject({ outcome: 'invalid' });
      expect(await verify(vector, request, [])).toEqual({ outcome: 'unset' });

      for (let at = 0; at < request.body.length; at++) {
        const changed = { ...request, body: flipped(request.body, at) };
        expect([at, await verify(vector, changed)]).toMatchObject([at, { outcome: 'invalid' }]);
      }
      for (const [name, value] of Object.entries(request.headers)) {
        if (name === 'content-type') continue;
        for (const at of [0, value.length >> 1, value.length - 3]) {
          const text = flipped(Buffer.from(value), at).toString('latin1');
          const changed = { ...request, headers: { ...request.headers, [name]: text } };
          expect([name, text, (await verify(vector, changed)).outcome]).toEqual([name, text, 'invalid']);
        }
      }
      if (vector.url_signed !== undefined) {
        const changed = { ...request, url: request.url.replace('foo=1', 'foo=2') };
        expect(await verify(vector, changed)).toMatchObject({ outcome: 'invalid' });
      }
    },
  );

  it('are of every vendor that is listed above', () => {
    const named = new Set(vectors.map(({ provider }) => provider.split(' ')[0]));
    expect([...named].sort()).toEqual(Object.keys(schemes).sort());
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createVendorVerifiers } from '@patchbay/host/ingest/verification/vendor-verifiers';
import { verifySignature } from '@patchbay/host/ingest/verification/verify-signature';
import { pluginManifest } from '../plugins/plugin-run.ts';

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

/** The shipped plugins whose senders sign so. */
const pluginsOf: Record<string, readonly string[]> = {
  slack: ['slack'],
  twilio: ['twilio'],
  circleci: ['circleci'],
  github: ['github'],
  generic: ['bitbucket', 'confluence', 'jira'],
  'standard-webhooks': ['gitlab', 'github', 'supabase', 'webhook'],
  sendgrid: ['sendgrid'],
};

const published = vectors.flatMap((vector, index) =>
  (pluginsOf[vector.provider.split(' ')[0] ?? ''] ?? []).map(
    (plugin) => [`${index} ${vector.provider}, by ${plugin}`, plugin, vector] as const,
  ),
);

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

const verify = (plugin: string, request: Request, secrets: readonly string[]) =>
  verifySignature(pluginManifest(plugin).authentication.signatures, request, secrets, vendors);

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe.skipIf(vectors.length === 0)(`published signatures (skipped without ${file})`, () => {
  it.each(published)('%s', async (_name, plugin, vector) => {
    const request = requestOf(vector);
    const secret = vector.secret ?? vector.public_key_spki_base64 ?? '';
    expect(await verify(plugin, request, [secret])).toMatchObject({ outcome: 'verified', proves: 'sender' });
    expect(await verify(plugin, request, ['not-the-secret', secret])).toMatchObject({ outcome: 'verified' });
    expect(await verify(plugin, request, ['not-the-secret'])).toMatchObject({ outcome: 'invalid' });
    expect(await verify(plugin, request, [])).toEqual({ outcome: 'unset' });

    for (let at = 0; at < request.body.length; at++) {
      const changed = { ...request, body: flipped(request.body, at) };
      expect([at, await verify(plugin, changed, [secret])]).toMatchObject([at, { outcome: 'invalid' }]);
    }
    for (const [name, value] of Object.entries(request.headers)) {
      if (name === 'content-type') continue;
      for (const at of [0, value.length >> 1, value.length - 3]) {
        const text = flipped(Buffer.from(value), at).toString('latin1');
        const changed = { ...request, headers: { ...request.headers, [name]: text } };
        expect([name, text, (await verify(plugin, changed, [secret])).outcome]).toEqual([name, text, 'invalid']);
      }
    }
    if (vector.url_signed !== undefined) {
      const changed = { ...request, url: request.url.replace('foo=1', 'foo=2') };
      expect(await verify(plugin, changed, [secret])).toMatchObject({ outcome: 'invalid' });
    }
  });

  it('are of every vendor that is listed above', () => {
    const named = new Set(vectors.map(({ provider }) => provider.split(' ')[0]));
    expect([...named].sort()).toEqual(Object.keys(pluginsOf).sort());
  });
});

import { describe, expect, it } from 'vitest';
import type { HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import { manifestSchema, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import type { Egress, EgressRequest, EgressResult } from '../egress/egress.ts';
import { attachCredential } from './attach-credential.ts';
import { checkHttpAsk } from './http-permission.ts';
import { performHttp, retryAfterMs } from './perform-http.ts';
import type { TokenKeeper } from './credentials/token-keeper.ts';

const SECRET = 'xoxb-2f9a/8d+secret=';
const noTokens: TokenKeeper = {
  get: () => Promise.reject(new Error('no token is wanted here')),
  keep: () => Promise.reject(new Error('no token is kept here')),
};
const configuration = { site: 'https://jira.example.com:8443/some/page', account: 'bot@example.com' };

function manifest(parts: Partial<ManifestInput> = {}) {
  return manifestSchema.parse({
    id: 'acme/tickets',
    version: '1.0.0',
    hostApi: '^1.0.0',
    name: 'Tickets',
    summary: 'Opens tickets',
    licence: 'Apache-2.0',
    categories: ['ticketing'],
    provides: ['deliver'],
    configuration: {
      properties: { site: { type: 'string', title: 'Site' }, account: { type: 'string', title: 'Account' } },
    },
    permissions: {
      http: [
        { host: 'api.example.com', pathPrefix: '/v1', methods: ['GET', 'POST'] },
        { host: { configuration: 'site' }, pathPrefix: '/rest/', methods: ['GET'] },
        { host: '*.chat.example.com', methods: ['POST'] },
      ],
    },
    secrets: [
      { name: 'apiToken', title: 'Token', credential: { kind: 'bearer', host: 'api.example.com' } },
      {
        name: 'sitePassword',
        title: 'Password',
        credential: { kind: 'basic', host: { configuration: 'site' }, username: 'account' },
      },
    ],
    ...parts,
  });
}

const ask = (url: string, rest: Partial<HttpAsk> = {}): HttpAsk => ({
  url,
  method: 'GET',
  headers: {},
  body: null,
  credential: null,
  repeatable: false,
  ...rest,
});

describe('permission of a request', () => {
  const allowed: [string, string?][] = [
    ['https://api.example.com/v1'],
    ['https://api.example.com/v1/issues?state=open'],
    ['https://api.example.com:443/v1/x'],
    ['https://jira.example.com:8443/rest/api'],
    ['https://eu.chat.example.com/hook', 'POST'],
  ];
  it.each(allowed)('is given for %s %s', (url, method = 'GET') => {
    expect(checkHttpAsk(manifest(), configuration, ask(url, { method }))).toEqual({ ok: true });
  });

  const denied: [string, string?][] = [
    ['http://api.example.com/v1'],
    ['https://api.example.com:8443/v1'],
    ['https://api.example.com/v10'],
    ['https://api.example.com/'],
    ['https://api.example.com/v1', 'DELETE'],
    ['https://api.example.com.evil.test/v1'],
    ['https://jira.example.com/rest/api'],
    ['https://jira.example.com:8443/restricted'],
    ['https://chat.example.com/hook', 'POST'],
    ['https://evilchat.example.com/hook', 'POST'],
  ];
  it.each(denied)('is denied for %s %s', (url, method = 'GET') => {
    expect(checkHttpAsk(manifest(), configuration, ask(url, { method }))).toMatchObject({
      ok: false,
      code: 'PERMISSION_DENIED',
    });
  });

  it.each([
    'Host',
    'Authorization',
    'cookie',
    'X-HTTP-Method-Override',
    'X-Forwarded-For',
    'Transfer-Encoding',
    'Idempotency-Key',
    'Proxy-Authorization',
  ])('is refused with the header %s', (name) => {
    expect(
      checkHttpAsk(manifest(), configuration, ask('https://api.example.com/v1', { headers: { [name]: 'x' } })),
    ).toMatchObject({ code: 'REQUEST_REFUSED' });
  });

  it.each(['a\r\nX-Evil: 1', 'a\nb', '\u0000', '\u2028'])(
    'is refused with a header value that would break out (%j)',
    (value) => {
      expect(
        checkHttpAsk(manifest(), configuration, ask('https://api.example.com/v1', { headers: { 'x-a': value } })),
      ).toMatchObject({ code: 'REQUEST_REFUSED' });
    },
  );
});

describe('a credential', () => {
  it('is attached for its own host and port only', async () => {
    const egress: Egress = {
      send: () => Promise.reject(new Error('nothing is sent for these kinds')),
      close: () => Promise.resolve(),
    };
    const context = { manifest: manifest(), configuration, idempotencyKey: 'k', tokens: noTokens };
    const at = (url: string, name = 'apiToken') =>
      attachCredential(egress, { ...context, readSecret: () => Promise.resolve(SECRET) }, name, {
        ...{ url: new URL(url), method: 'GET', headers: {}, body: null },
      });
    expect(await at('https://api.example.com/v1')).toMatchObject({
      ok: true,
      headers: { authorization: `Bearer ${SECRET}` },
    });
    expect(await at('https://api.example.com:8443/v1')).toMatchObject({ ok: false });
    expect(await at('http://api.example.com/v1')).toMatchObject({ ok: false });
    expect(await at('https://eu.chat.example.com/')).toMatchObject({ ok: false });
    expect(await at('https://jira.example.com:8443/rest/', 'sitePassword')).toMatchObject({
      ok: true,
      headers: { authorization: `Basic ${Buffer.from(`bot@example.com:${SECRET}`).toString('base64')}` },
    });
    expect(await at('https://jira.example.com/rest/', 'sitePassword')).toMatchObject({ ok: false });
    expect(await at('https://api.example.com/v1', 'constructor')).toMatchObject({ ok: false });
  });
});

describe('performing a request', () => {
  const answering = (result: EgressResult, seen: EgressRequest[] = []): Egress => ({
    send: (request) => {
      seen.push(request);
      return Promise.resolve(result);
    },
    close: () => Promise.resolve(),
  });
  const context = (key = 'dlv-1-0-0') => ({
    manifest: manifest(),
    configuration,
    idempotencyKey: key,
    readSecret: (name: string) => Promise.resolve(name === 'apiToken' ? SECRET : null),
    tokens: noTokens,
  });
  const answered = (status: number, body = '{}', headers: Record<string, string> = {}): EgressResult => ({
    ok: true,
    answer: { status, headers, body: Buffer.from(body), durationMs: 1 },
  });
  const post = ask('https://api.example.com/v1/issues', {
    method: 'POST',
    credential: 'apiToken',
    body: { text: '{}' },
  });

  it('carries the credential and the idempotency key, and shows the plugin no cookies', async () => {
    const seen: EgressRequest[] = [];
    const result = await performHttp(
      answering(answered(201, '{"id":1}', { 'set-cookie': 'a=b', 'retry-after': '3' }), seen),
      context(),
      post,
    );
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'idempotency-key': 'dlv-1-0-0' });
    expect(result).toMatchObject({
      status: 201,
      answer: { ok: { headers: { 'retry-after': '3' }, body: { text: '{"id":1}' } } },
    });
    expect(JSON.stringify(result)).not.toContain('a=b');
  });

  it('withholds an answer that reflects the secret', async () => {
    const result = await performHttp(answering(answered(200, `you sent ${SECRET}`)), context(), post);
    expect(result).toMatchObject({ code: 'SECRET_REFLECTED', answer: { error: { code: 'SECRET_REFLECTED' } } });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('sends nothing when the secret is not set or the permission is missing', async () => {
    const seen: EgressRequest[] = [];
    const unset = ask('https://jira.example.com:8443/rest/x', { credential: 'sitePassword' });
    expect(await performHttp(answering(answered(200), seen), context(), unset)).toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(await performHttp(answering(answered(200), seen), context(), ask('https://other.test/'))).toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(seen).toEqual([]);
  });

  it('does not know the outcome of a POST whose answer was lost, and may repeat what is repeatable', async () => {
    const lost: EgressResult = { ok: false, code: 'EGRESS_TIMEOUT', message: 'late', maybeSent: true, durationMs: 1 };
    const neverLeft: EgressResult = { ...lost, code: 'EGRESS_FAILED', maybeSent: false };
    expect(await performHttp(answering(lost), context(), post)).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
    });
    expect(await performHttp(answering(neverLeft), context(), post)).toMatchObject({
      code: 'EGRESS_FAILED',
      retryable: true,
    });
    expect(await performHttp(answering(lost), context(), { ...post, repeatable: true })).toMatchObject({
      code: 'EGRESS_TIMEOUT',
      retryable: true,
    });
  });

  it.each([
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [401, false],
    [404, false],
    [200, false],
  ])('knows that %i is retryable: %s', async (status, retryable) => {
    expect(await performHttp(answering(answered(status)), context(), post)).toMatchObject({ retryable });
  });
});

describe('Retry-After', () => {
  it('is read in seconds and as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs('12', now)).toBe(12_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfterMs('soon', now)).toBeNull();
    expect(retryAfterMs(undefined, now)).toBeNull();
  });
});

import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { describe, expect, it } from 'vitest';
import { agreedToChange, agreedToVersion } from './agreed-consent.ts';
import { enteredIssues } from './enter-secrets.ts';

const site = { configuration: 'siteUrl' };
const manifest = manifestSchema.parse({
  ...{ id: 'acme/tickets', version: '1.0.0', hostApi: '^1.0.0', name: 'Tickets', summary: 'Opens tickets' },
  ...{ licence: 'Apache-2.0', categories: ['ticketing'], provides: ['deliver'] },
  configuration: {
    properties: { siteUrl: { type: 'string', title: 'Site' }, room: { type: 'string', title: 'Room' } },
  },
  permissions: { http: [{ host: site, methods: ['POST'] }] },
  secrets: [
    { name: 'apiToken', title: 'Token', credential: { kind: 'bearer', host: site } },
    { name: 'session', title: 'Session', required: false, credential: { kind: 'bearer', host: site } },
    { name: 'aws', title: 'AWS', credential: { kind: 'sigv4', host: site, service: 's3', region: 'eu-west-1' } },
    { name: 'key', title: 'Key', credential: { kind: 'jwt', host: site, algorithm: 'RS256', claims: {} } },
  ],
  capture: [{ secret: 'session', host: site, pointer: '/token' }],
});
const at = (siteUrl: string, room = 'ops') => ({ siteUrl, room });
const stale = expect.objectContaining({ code: 'CONSENT_STALE' }) as Error;

describe('consent to the address of a secret', () => {
  it('is given with the address, or before it is known', () => {
    const { digest } = consentOf(manifest, at('https://a.example.com'));
    for (const agreed of [digest, consentOf(manifest).digest])
      expect(agreedToVersion(manifest, at('https://a.example.com/x'), agreed)).toBe(digest);
    const other = consentOf(manifest, at('https://b.example.com')).digest;
    expect(() => agreedToVersion(manifest, at('https://a.example.com'), other)).toThrow(stale);
  });

  it('is wanted anew for another address, and for exactly that one', () => {
    const [before, after] = [at('https://a.example.com'), at('https://b.example.com', 'dev')];
    const { digest } = consentOf(manifest, after);
    expect(agreedToChange(manifest, before, at('https://a.example.com/y', 'dev'), undefined)).toBeNull();
    expect(agreedToChange(manifest, before, after, digest)).toBe(digest);
    for (const agreed of [undefined, consentOf(manifest).digest, consentOf(manifest, before).digest])
      expect(() => agreedToChange(manifest, before, after, agreed)).toThrow(stale);
  });
});

describe('secrets that somebody enters', () => {
  const paths = (secrets: Parameters<typeof enteredIssues>[1]) =>
    enteredIssues(manifest, secrets).map(({ path }) => path);

  it('have the shape of their kind and a least length', () => {
    const aws = { accessKeyId: 'AKID', secretAccessKey: 'long enough' };
    const key = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';
    expect(paths({ apiToken: 'long enough', aws, key })).toEqual([]);
    expect(paths({ apiToken: 'short', aws: { ...aws, secretAccessKey: 'short' }, key: 'no key at all' })).toEqual([
      'secrets.apiToken',
      'secrets.aws.secretAccessKey',
      'secrets.key',
    ]);
    expect(paths({ apiToken: { a: 'long enough' }, aws: 'long enough' })).toEqual(['secrets.apiToken', 'secrets.aws']);
    expect(paths({ aws: { accessKeyId: 'AKID', other: 'x' } })).toEqual([
      'secrets.aws.other',
      'secrets.aws.secretAccessKey',
    ]);
  });

  it('are declared, and not those that the host takes out of answers', () => {
    expect(paths({ other: 'long enough', session: 'long enough', constructor: 'long enough' })).toEqual([
      'secrets.other',
      'secrets.session',
      'secrets.constructor',
    ]);
  });
});

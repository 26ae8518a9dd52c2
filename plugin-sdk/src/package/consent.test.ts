import { describe, expect, it } from 'vitest';
import { manifestSchema, type ManifestInput } from '../contract/manifest.ts';
import { consentOf } from './consent.ts';

const base: ManifestInput = {
  id: 'acme/tickets',
  version: '1.0.0',
  hostApi: '^1.0.0',
  name: 'Tickets',
  summary: 'Opens tickets.',
  licence: 'Apache-2.0',
  categories: ['ticketing'],
  provides: ['deliver'],
  configuration: { properties: { siteUrl: { type: 'string', title: 'Site', format: 'uri' } } },
  secrets: [{ name: 'token', title: 'API token', credential: { kind: 'bearer', host: { configuration: 'siteUrl' } } }],
  permissions: {
    http: [
      { host: { configuration: 'siteUrl' }, pathPrefix: '/rest/api/3/', methods: ['POST', 'PUT'] },
      { host: '*.example.com', methods: ['GET'], reason: 'to read pictures' },
    ],
    store: { bytes: 4096 },
    schedule: { maxDelaySeconds: 86_400 },
  },
};
const consent = (change: Partial<ManifestInput> = {}, configuration = {}) =>
  consentOf(manifestSchema.parse({ ...base, ...change }), configuration);

describe('a consent', () => {
  it('says in plain sentences what the plugin may do, the most dangerous first', () => {
    expect(
      consent({}, { siteUrl: 'https://acme.example.net/browse' }).lines.map(({ risk, text }) => `${risk}: ${text}`),
    ).toEqual([
      'high: Send GET requests to https://*.example.com/ (to read pictures)',
      'high: Act with “API token” on https://acme.example.net: it can do there whatever this secret allows, and never sees its value',
      'medium: Send POST and PUT requests to https://acme.example.net/rest/api/3/',
      'low: Keep up to 4 KiB of its own data',
      'low: Pause its work and go on up to 24 hours later',
    ]);
  });

  it('names the setting while the address is not entered', () => {
    expect(consent().lines[2]?.text).toBe(
      'Send POST and PUT requests to the address that you enter as “Site”, below /rest/api/3/',
    );
  });

  it('has a digest that changes with every permission and secret, and with the plugin', () => {
    const { digest } = consent();
    const [first, second] = base.permissions!.http!;
    const others = [
      consent({ permissions: { ...base.permissions, http: [first!] } }),
      consent({ permissions: { ...base.permissions, http: [first!, { ...second!, methods: ['GET', 'HEAD'] }] } }),
      consent({ permissions: { ...base.permissions, http: [first!, { ...second!, pathPrefix: '/a' }] } }),
      consent({ permissions: { ...base.permissions, store: { bytes: 8192 } } }),
      consent({ permissions: { ...base.permissions, emit: { kinds: ['note'] } } }),
      consent({ secrets: [] }),
      consent({ id: 'acme/other' }),
    ].map((other) => other.digest);
    expect(new Set([digest, ...others]).size).toBe(others.length + 1);
  });

  it('has the same digest for what means the same', () => {
    const [first, second] = base.permissions!.http!;
    const { digest } = consent();
    expect(consent({ permissions: { ...base.permissions, http: [second!, first!] } }).digest).toBe(digest);
    expect(consent({ version: '1.0.1', summary: 'Other words.' }).digest).toBe(digest);
  });

  it('has another digest for another configured address, not for what else the setting says', () => {
    const at = (siteUrl: string) => consent({}, { siteUrl }).digest;
    expect(at('https://acme.example.net')).not.toBe(consent().digest);
    expect(at('https://acme.example.net/browse?a=b')).toBe(at('https://acme.example.net'));
    const others = ['https://acme.example.net:8443', 'http://acme.example.net', 'https://evil.example.net'].map(at);
    expect(new Set([at('https://acme.example.net'), ...others]).size).toBe(4);
    expect(consent({}, { other: 'https://acme.example.net' }).digest).toBe(consent().digest);
  });

  it('says how each kind of secret is used, and what the host takes out of answers', () => {
    const host = 'api.example.com';
    const token = { host: 'auth.example.com', path: '/token' };
    const text = (credential: object) =>
      consent({ secrets: [{ name: 'token', title: 'Key', credential: { host, ...credential } as never }] }).lines.find(
        ({ kind }) => kind === 'secret',
      )?.text;
    expect(text({ kind: 'query', parameter: 'key' })).toContain('This is weak');
    expect(text({ kind: 'path' })).toContain('This is weak');
    expect(text({ kind: 'oauth2', grant: 'client-credentials', token })).toContain(
      'sends it to auth.example.com/token',
    );
    expect(text({ kind: 'jwt', algorithm: 'RS256', claims: {} })).toContain('signs a token');
    expect(text({ kind: 'jwt', algorithm: 'RS256', claims: {}, exchange: { token } })).toContain('auth.example.com');
    expect(text({ kind: 'sigv4', service: 's3', region: 'eu-west-1' })).toContain('signs each request');
    expect(text({ kind: 'hmac', header: 'x-signature', parts: ['body'] })).toContain('signs each request');
    const session = { ...base.secrets![0]!, name: 'session', title: 'Session', required: false };
    const capture = [{ secret: 'session', host, pathPrefix: '/sessions', pointer: '/token' }];
    const secrets = [...base.secrets!, session];
    const capturing = consent({ secrets, capture });
    expect(capturing.lines.map((line) => line.text).join()).toContain('keep a token that api.example.com answers');
    expect(capturing.digest).not.toBe(consent({ secrets }).digest);
  });

  it('has the same digest whatever the order of secrets', () => {
    const second = { ...base.secrets![0]!, name: 'other' };
    const [one, other] = [
      [...base.secrets!, second],
      [second, ...base.secrets!],
    ];
    expect(consent({ secrets: one }).digest).toBe(consent({ secrets: other }).digest);
  });

  it('names acting for people, and is another one without it', () => {
    const chat: Partial<ManifestInput> = { provides: ['ingest', 'deliver'], integrationType: 'chat' };
    const acting = consent({ ...chat, actsForPeople: true });
    expect(acting.lines.filter(({ kind }) => kind === 'act')).toMatchObject([
      { risk: 'medium', text: expect.stringContaining('every incident of the group') },
    ]);
    expect(acting.digest).not.toBe(consent(chat).digest);
    expect(acting.lines).toHaveLength(consent(chat).lines.length + 1);
  });
});

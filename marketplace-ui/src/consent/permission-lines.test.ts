import { configurationSchemaSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { secretDeclarationSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { permissionsSchema } from '@patchbay/plugin-sdk/contract/permissions';
import type { ConsentLine } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { describe, expect, test } from 'vitest';
import type { Asked } from './permission-lines.ts';
import { agreedLines, installLabel, permissionLines } from './permission-lines.ts';

function line(kind: ConsentLine['kind'], risk: ConsentLine['risk'] = 'low'): ConsentLine {
  return { kind, risk, text: `server text for ${kind}`, scope: `server scope for ${kind}` };
}

const tracker: Asked = {
  permissions: permissionsSchema.parse({
    http: [{ host: { configuration: 'siteUrl' }, pathPrefix: '/rest/api/3/', methods: ['GET', 'POST', 'PUT'] }],
    store: { bytes: 65_536 },
  }),
  secrets: [
    secretDeclarationSchema.parse({
      name: 'apiToken',
      title: 'API token',
      credential: { kind: 'basic', host: { configuration: 'siteUrl' }, username: 'email' },
    }),
  ],
  configuration: configurationSchemaSchema.parse({
    properties: { siteUrl: { type: 'string', title: 'Site URL', format: 'uri' } },
    required: ['siteUrl'],
  }),
  consent: { digest: 'd', lines: [line('http', 'medium'), line('secret', 'high'), line('store')] },
};

describe('permissionLines', () => {
  test('names the setting that decides the host while it is empty', () => {
    const [http, secret] = permissionLines(tracker, {});
    expect(http?.reach).toEqual({ kind: 'open', setting: 'Site URL' });
    expect(http?.sentence).toBe('Read, create and change things on the address you enter as “Site URL”');
    expect(secret?.sentence).toContain('the address you enter as “Site URL”');
  });

  test('writes the host out as soon as the setting is an address', () => {
    const [http, secret] = permissionLines(tracker, { siteUrl: 'https://acme.example.net/jira' });
    expect(http?.sentence).toBe('Read, create and change things on acme.example.net');
    expect(http?.scope).toBe('GET, POST, PUT https://acme.example.net/rest/api/3/*');
    expect(secret?.scope).toContain('sent to acme.example.net only');
  });

  test('calls a host under a wildcard or without TLS high risk, whatever the server said', () => {
    const risks = (http: unknown) =>
      permissionLines(
        {
          ...tracker,
          permissions: permissionsSchema.parse({ http: [http] }),
          consent: { digest: 'd', lines: [line('http')] },
        },
        {},
      ).map(({ risk, sentence }) => [risk, sentence]);
    expect(risks({ host: '*.example.com', methods: ['GET'] })).toEqual([
      ['high', 'Read from any host that ends in .example.com'],
    ]);
    expect(risks({ host: 'a.example.com', scheme: 'http', methods: ['GET'] })[0]?.[0]).toBe('high');
    expect(risks({ host: 'a.example.com', methods: ['GET', 'HEAD'] })[0]?.[0]).toBe('low');
    expect(risks({ host: 'a.example.com', methods: ['POST'] })[0]?.[0]).toBe('medium');
    expect(risks({ host: 'a.example.com', methods: ['DELETE'] })[0]?.[0]).toBe('high');
  });

  test('never shows a lower risk than the server does', () => {
    const consent = { digest: 'd', lines: [line('http', 'high'), line('secret', 'high'), line('store')] };
    expect(permissionLines({ ...tracker, consent }, {}).map(({ risk }) => risk)).toEqual(['high', 'high', 'low']);
  });

  test('shows the server’s lines of a kind that the manifest explains differently', () => {
    const consent = { digest: 'd', lines: [line('http'), line('http', 'high'), line('secret', 'high'), line('store')] };
    const lines = permissionLines({ ...tracker, consent }, {});
    expect(lines.filter(({ kind }) => kind === 'http').map(({ sentence }) => sentence)).toEqual([
      'server text for http',
      'server text for http',
    ]);
    expect(lines).toHaveLength(4);
  });
});

test('an agreed consent is shown in the words it was agreed in', () => {
  expect(agreedLines(tracker.consent).map(({ sentence }) => sentence)).toEqual([
    'server text for http',
    'server text for secret',
    'server text for store',
  ]);
});

test('the install button counts what it allows', () => {
  expect([0, 1, 3].map(installLabel)).toEqual([
    'Install',
    'Install and allow 1 permission',
    'Install and allow 3 permissions',
  ]);
});

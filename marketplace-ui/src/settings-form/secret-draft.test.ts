import { secretDeclarationSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { describe, expect, test } from 'vitest';
import { missingSecrets, typedSecrets } from './secret-draft.ts';

const token = { host: 'auth.example.com', path: '/token' };
const secrets = [
  { name: 'apiToken', title: 'API token', credential: { kind: 'bearer', host: 'api.example.com' } },
  {
    ...{ name: 'login', title: 'Login' },
    credential: { kind: 'oauth2', host: 'api.example.com', grant: 'refresh-token', token },
  },
].map((secret) => secretDeclarationSchema.parse(secret));

describe('a secret with parts', () => {
  test('is sent as its parts, without those left empty', () => {
    const draft = { apiToken: '', 'login.clientId': 'me', 'login.clientSecret': '', 'login.refreshToken': 'r' };
    expect(typedSecrets(secrets, draft)).toEqual({ login: { clientId: 'me', refreshToken: 'r' } });
  });

  test('wants every required part, also when one is replaced', () => {
    expect(missingSecrets(secrets, {})).toEqual({
      apiToken: 'Fill this in.',
      'login.clientId': 'Fill this in.',
      'login.refreshToken': 'Fill this in.',
    });
    const set = ['apiToken', 'login'];
    expect(missingSecrets(secrets, {}, set)).toEqual({});
    expect(missingSecrets(secrets, { 'login.clientSecret': 'new' }, set)).toEqual({
      'login.clientId': 'Fill this in.',
      'login.refreshToken': 'Fill this in.',
    });
  });
});

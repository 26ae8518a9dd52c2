import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestDoor, trigger, type TestDoor } from './test-door.ts';

const newDatabase = pgliteDatabases();
let store: Store;
let door: TestDoor;

beforeAll(async () => {
  store = await openStore(await newDatabase());
  door = await openTestDoor(store);
});
afterAll(async () => {
  await door.close();
  await store.close();
});

describe('what a plugin is told', () => {
  const configuration = {
    properties: {
      siteUrl: { type: 'string' as const, title: 'Site' },
      level: { type: 'string' as const, title: 'Level', default: 'low' },
    },
    required: ['siteUrl'],
  };
  const told: unknown[] = [];
  const plugin = (input: { configuration: unknown }) => {
    told.push(input.configuration);
    return { outcome: 'ignored' as const, reason: 'Only to see the settings.' };
  };

  it('is the installation’s settings below the integration’s, where it delivers too', async () => {
    const integration = await door.addIntegration({
      plugin,
      manifest: { provides: ['ingest', 'deliver'], configuration },
      configuration: { siteUrl: 'https://a.example', level: 'high' },
      settings: { level: 'low' },
    });
    await door.post(integration, {});
    expect(told.pop()).toEqual({ siteUrl: 'https://a.example', level: 'low' });
  });

  it('is the integration’s settings alone, where it only takes alerts', async () => {
    const integration = await door.addIntegration({
      plugin,
      manifest: { configuration },
      configuration: { siteUrl: 'https://a.example' },
      settings: { siteUrl: 'https://b.example' },
    });
    await door.post(integration, {});
    expect(told.pop()).toEqual({ siteUrl: 'https://b.example', level: 'low' });
  });
});

it('waits longer for a plugin whose own answer the sender needs', async () => {
  const plugin = async () => {
    await sleep(sandboxLimits.syncBudgetMs + 100);
    const answer = { status: 200, contentType: 'text/plain', body: 'challenge' } as const;
    return { outcome: 'ignored', reason: 'A challenge.', answer } as const;
  };
  const patient = await door.addIntegration({
    plugin,
    manifest: { authentication: { handshake: 'plugin-answer' } },
  });
  const answered = await door.post(patient, {});
  expect([answered.status, await answered.text()]).toEqual([200, 'challenge']);
  expect(answered.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answered.headers.get('x-content-type-options')).toBe('nosniff');
  const other = await door.addIntegration({ plugin });
  expect((await door.post(other, {})).status).toBe(202);
});

describe('the key', () => {
  it('may be the password of Basic, for senders that offer nothing else', async () => {
    const integration = await door.addIntegration();
    const send = (user: string, password: string) =>
      door.post(integration, trigger('basic'), { headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` } });
    expect((await send('anybody', integration.key)).status).toBe(202);
    expect((await send(integration.key, 'anybody')).status).toBe(401);
  });

  it('stands in the header beside a scheme that uses the same header', async () => {
    const integration = await door.addIntegration({
      manifest: { authentication: { signatures: [{ kind: 'basic' }] } },
      secret: 'user:password',
    });
    const send = (authorization: string) => door.post(integration, trigger('both'), { headers: { authorization } });
    expect((await send(`Basic ${btoa('user:password')}`)).status).toBe(202);
    expect((await send(`Bearer ${integration.key}`)).status).toBe(202);
    expect((await send(`Basic ${btoa(`x:${integration.key}`)}`)).status).toBe(202);
    expect((await send(`Basic ${btoa('user:wrong')}`)).status).toBe(401);
  });

  it('is still needed where the vendor signs for everybody', async () => {
    const { generateKeyPairSync, createSign } = await import('node:crypto');
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const integration = await door.addIntegration({
      plugin: () => ({ outcome: 'ignored', reason: 'A build.' }),
      manifest: { authentication: { signatures: [{ kind: 'travis' }] } },
      secret: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    });
    const signature = createSign('RSA-SHA1').update('{}').sign(privateKey, 'base64');
    const send = (key: string) =>
      fetch(`${door.url}${integration.path}${key}`, {
        method: 'POST',
        headers: { signature, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'payload=%7B%7D',
      });
    expect((await send('')).status).toBe(401);
    expect((await send(`&key=${integration.key}`)).status).toBe(202);
  });
});

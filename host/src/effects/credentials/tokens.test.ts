import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { manifestSchema, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { createEgress, type Egress } from '../../egress/egress.ts';
import { readSecrets, replaceSecret, type SecretOwner } from '../../secrets/secret-store.ts';
import { createVault } from '../../secrets/vault.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { performHttp } from '../perform-http.ts';
import { createTokenKeeper } from './token-keeper.ts';

const site = { configuration: 'site' };
const token = { host: site, path: '/oauth/token' };

function manifestWith(parts: Partial<ManifestInput>) {
  return manifestSchema.parse({
    ...{ id: 'acme/tickets', version: '1.0.0', hostApi: '^1.0.0', name: 'Tickets', summary: 'Opens tickets' },
    ...{ licence: 'Apache-2.0', categories: ['ticketing'], provides: ['deliver'] },
    configuration: { properties: { site: { type: 'string', title: 'Site' } } },
    permissions: { http: [{ host: site, methods: ['GET', 'POST'] }] },
    ...parts,
  });
}

eachDatabase('tokens that the host gets by a secret', (newDatabase) => {
  const vault = createVault(randomBytes(32));
  const owner: Omit<SecretOwner, 'name'> = {
    groupId: newId('group'),
    environment: 'production',
    ownerKind: 'installation',
    ownerId: newId('installation'),
  };
  let store: Store;
  let egress: Egress;
  let base = '';
  const server = createServer((request, response) => void answer(request, response));
  /** What the vendor knows: tokens that are good, refresh tokens that are good, and what it was asked. */
  const vendor = {
    good: new Set<string>(),
    refresh: 'refresh-token-0',
    asked: [] as { authorization: string | undefined; form: URLSearchParams }[],
    calls: 0,
    status: 200,
    expiresIn: 3600,
    say: (bearer: string): { body: string; headers?: Record<string, string> } => ({
      body: `{"seen":${bearer.length}}`,
    }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization } = request.headers;
    if (request.url === '/oauth/token') {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      vendor.asked.push({ authorization, form });
      const refreshes = form.get('grant_type') === 'refresh_token';
      if (vendor.status !== 200 || (refreshes && form.get('refresh_token') !== vendor.refresh))
        return void response
          .writeHead(vendor.status === 200 ? 400 : vendor.status)
          .end('{"error":"invalid_grant","error_description":"the details are nobody’s business"}');
      const access = `access-token-${randomBytes(12).toString('hex')}`;
      vendor.good.add(access);
      if (refreshes) vendor.refresh = `refresh-token-${randomBytes(8).toString('hex')}`;
      const body = {
        ...{ access_token: access, token_type: 'Bearer', expires_in: vendor.expiresIn },
        ...(refreshes ? { refresh_token: vendor.refresh } : {}),
      };
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
    vendor.calls += 1;
    const bearer = authorization?.replace('Bearer ', '') ?? '';
    if (!vendor.good.has(bearer)) return void response.writeHead(401).end('{}');
    const { body, headers } = vendor.say(bearer);
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
  }

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    await store.db.insertInto('groups').values({ group_id: owner.groupId, name: 'A' }).execute();
    const digest = '0'.repeat(64);
    await store.db
      .insertInto('installations')
      .values({
        group_id: owner.groupId,
        installation_id: owner.ownerId as never,
        plugin_id: 'acme/tickets',
        version: '1.0.0',
        module_sha256: digest,
        package_sha256: digest,
        manifest: '{}',
        integration_type: null,
        environment: 'production',
        state: 'enabled',
        configuration: '{}',
        consent_digest: '',
        installed_by: 'user:ann',
      })
      .execute();
    egress = createEgress({ allow: ['127.0.0.0/8'] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await egress.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
  });
  beforeEach(async () => {
    vendor.good.clear();
    Object.assign(vendor, { asked: [], calls: 0, status: 200, expiresIn: 3600, refresh: 'refresh-token-0' });
    vendor.say = (bearer) => ({ body: `{"seen":${bearer.length}}` });
    await store.db.deleteFrom('derived_tokens').execute();
  });

  const put = (name: string, value: unknown) =>
    replaceSecret(store.db, vault, {
      ...owner,
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    });
  const read = async (name: string) => (await readSecrets(store.db, vault, { ...owner, name }))[0]?.value ?? null;

  /** One request of a plugin; each with a keeper of its own, as if each were made by another host. */
  function perform(manifest: ReturnType<typeof manifestWith>, credential: string | null = 'login', path = '/things') {
    const context = {
      ...{ manifest, configuration: { site: base }, idempotencyKey: 'k', readSecret: read },
      tokens: createTokenKeeper(store.db, vault, owner),
    };
    const ask = { url: base + path, method: 'POST', headers: {}, body: { text: '{}' }, credential, repeatable: false };
    return performHttp(egress, context, ask);
  }

  const clientCredentials = manifestWith({
    secrets: [
      {
        ...{ name: 'login', title: 'Login' },
        credential: { kind: 'oauth2', host: site, grant: 'client-credentials', token, scope: 'tickets:write' },
      },
    ],
  });
  const refreshToken = manifestWith({
    secrets: [
      {
        ...{ name: 'login', title: 'Login' },
        credential: { kind: 'oauth2', host: site, grant: 'refresh-token', token, client: 'form' },
      },
    ],
  });

  it('are got once, however many calls and hosts want one at the same time, and the plugin sees none', async () => {
    await put('login', { clientId: 'client:1', clientSecret: 'client secret+1' });
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => perform(clientCredentials)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(vendor.asked).toHaveLength(1);
    const [{ authorization, form }] = vendor.asked as [(typeof vendor.asked)[0]];
    expect(Object.fromEntries(form)).toEqual({ grant_type: 'client_credentials', scope: 'tickets:write' });
    expect(Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString()).toBe(
      'client%3A1:client+secret%2B1',
    );
    for (const bearer of vendor.good) expect(JSON.stringify(outcomes)).not.toContain(bearer);
    const [row] = await store.db.selectFrom('derived_tokens').selectAll().execute();
    expect(row?.claim_id).toBeNull();
    for (const bearer of vendor.good) expect(Buffer.from(row?.ciphertext ?? []).includes(bearer)).toBe(false);
  });

  it('are got anew near their end, and once more when one is refused', async () => {
    await put('login', { clientId: 'client', clientSecret: 'client-secret' });
    expect(await perform(clientCredentials)).toMatchObject({ status: 200 });
    vendor.good.clear();
    const outcomes = await Promise.all([perform(clientCredentials), perform(clientCredentials)]);
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200]);
    expect(vendor.asked).toHaveLength(2);
    await store.db
      .updateTable('derived_tokens')
      .set({ expires_at: new Date(Date.now() - 1) })
      .execute();
    expect(await perform(clientCredentials)).toMatchObject({ status: 200 });
    expect(vendor.asked).toHaveLength(3);
  });

  it('are not asked for again and again by a vendor who refuses every one', async () => {
    await put('login', { clientId: 'client', clientSecret: 'client-secret' });
    const { add } = vendor.good;
    vendor.good.add = () => vendor.good;
    expect(await perform(clientCredentials)).toMatchObject({ status: 401 });
    vendor.good.add = add;
    expect([vendor.asked.length, vendor.calls]).toEqual([2, 2]);
  });

  it('use each refresh token once, and keep the one that takes its place', async () => {
    await put('login', { clientId: 'client', refreshToken: 'refresh-token-0' });
    for (let round = 0; round < 3; round++) {
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => perform(refreshToken)));
      expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(JSON.parse((await read('login')) ?? '')).toEqual({ clientId: 'client', refreshToken: vendor.refresh });
      vendor.good.clear();
    }
    expect(vendor.asked).toHaveLength(3);
    expect(new Set(vendor.asked.map(({ form }) => form.get('refresh_token'))).size).toBe(3);
    expect(vendor.asked[0]?.form.get('client_id')).toBe('client');
  });

  it('that are not given are an error that says so, without what the vendor wrote', async () => {
    await put('login', { clientId: 'client', refreshToken: 'an-older-token' });
    const refused = await perform(refreshToken);
    expect(refused).toMatchObject({ code: 'TOKEN_REFUSED', retryable: false, status: null });
    expect(JSON.stringify(refused)).toContain('invalid_grant');
    expect(JSON.stringify(refused)).not.toContain('nobody');
    vendor.status = 503;
    expect(await perform(refreshToken)).toMatchObject({ code: 'TOKEN_UNAVAILABLE', retryable: true, status: null });
    expect(vendor.calls).toBe(0);
  });

  it('are looked for in answers as the secret is', async () => {
    await put('login', { clientId: 'client', clientSecret: 'client-secret' });
    vendor.say = (bearer) => ({ body: JSON.stringify({ you: Buffer.from(`x${bearer}`).toString('base64url') }) });
    expect(await perform(clientCredentials)).toMatchObject({ code: 'SECRET_REFLECTED' });
    vendor.say = () => ({ body: '{"client":"client"}' });
    expect(await perform(clientCredentials)).toMatchObject({ status: 200 });
    vendor.say = () => ({ body: '{"client":"client-secret"}' });
    expect(await perform(clientCredentials)).toMatchObject({ code: 'SECRET_REFLECTED' });
  });

  const capturing = manifestWith({
    secrets: [
      { name: 'login', title: 'Login', credential: { kind: 'bearer', host: site } },
      { name: 'session', title: 'Session', required: false, credential: { kind: 'bearer', host: site } },
    ],
    capture: [{ secret: 'session', host: site, pathPrefix: '/sessions', pointer: '/data/token' }],
  });

  it('are taken out of an answer before the plugin sees it, and used from then on', async () => {
    await put('login', 'the-login-secret');
    vendor.good.add('the-login-secret').add('session-token-"1"/x');
    expect(await perform(capturing, 'session')).toMatchObject({ code: 'PERMISSION_DENIED' });
    vendor.say = () => ({ body: '{"id":12345678901234567890,"data":{"token":"session-token-\\"1\\"/x","for":"me"}}' });
    const taken = await perform(capturing, 'login', '/sessions');
    expect(taken.answer).toEqual({
      ok: {
        status: 200,
        headers: expect.any(Object) as unknown,
        body: { text: '{"id":12345678901234567890,"data":{"token":null,"for":"me"}}' },
      },
    });
    expect(await read('session')).toBe('session-token-"1"/x');
    vendor.say = (bearer) => ({ body: `{"seen":${bearer.length}}` });
    expect(await perform(capturing, 'session')).toMatchObject({
      answer: { ok: { body: { text: '{"seen":19}' } } },
    });
  });

  it('are never shown because they stand elsewhere, or twice', async () => {
    await put('login', 'the-login-secret');
    vendor.good.add('the-login-secret');
    const before = await read('session');
    vendor.say = () => ({ body: '{"data":{"key":"moved-session-token"}}' });
    expect(await perform(capturing, 'login', '/sessions')).toMatchObject({ code: 'CAPTURE_MISSED' });
    vendor.say = () => ({ body: '{"data":{"token":"second-session/token","link":"/x?a=second-session%2ftoken"}}' });
    expect(await perform(capturing, 'login', '/sessions')).toMatchObject({ code: 'SECRET_REFLECTED' });
    vendor.say = () => ({
      body: '{"data":{"token":"third-session-token"}}',
      headers: { etag: '"third-session-token"' },
    });
    expect(await perform(capturing, 'login', '/sessions')).toMatchObject({ code: 'SECRET_REFLECTED' });
    expect(await read('session')).toBe(before);
  });
});

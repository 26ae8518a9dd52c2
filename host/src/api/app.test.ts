import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FastifyInstance } from 'fastify';
import { eachDatabase } from '../../../test/support/databases.ts';
import { parseConfig, type Config } from '../config/config.ts';
import { createAuth } from '../identity/auth.ts';
import { auditRoutes } from '../identity/audit-routes.ts';
import { prepareFirstStart } from '../identity/first-start.ts';
import { memberRoutes } from '../identity/member-routes.ts';
import { sessionRoutes } from '../identity/session-routes.ts';
import { tokenRoutes } from '../identity/token-routes.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createApp } from './app.ts';
import { healthRoutes } from './health-routes.ts';

const BOOTSTRAP = 'bootstrap-token-for-tests';
const PASSWORD = 'correct horse battery';

function config(): Config {
  const parsed = parseConfig({ PORT: '0' });
  if (!parsed.ok) throw new Error('the default configuration does not parse');
  return parsed.config;
}

eachDatabase('the management API', (newDatabase) => {
  let store: Store;
  let app: FastifyInstance;
  let setupCode: string;
  let cookie = '';

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    const { db } = store;
    const auth = createAuth({ db, secret: randomBytes(32).toString('hex'), publicUrl: 'http://127.0.0.1:3000' });
    const first = await prepareFirstStart(db, BOOTSTRAP);
    setupCode = first.setupCode ?? '';
    let made = 0;
    app = await createApp({
      config: config(),
      db,
      vault: createVault(randomBytes(32)),
      auth,
      log: null,
      version: '0.0.0',
      routes: [
        healthRoutes({ db }),
        sessionRoutes({
          db,
          auth,
          firstGroupId: first.groupId,
          publicUrl: () => 'http://127.0.0.1:3000',
          warnings: () => [],
          registryOnly: false,
          version: '0.0.0',
        }),
        memberRoutes({ db, auth }),
        tokenRoutes({ db }),
        auditRoutes({ db }),
        async (scope) => {
          const schema = { body: z.object({ name: z.string() }), response: { 201: z.object({ made: z.int() }) } };
          scope.post('/api/things', { config: { access: 'member' }, schema }, async (_request, reply) =>
            reply.code(201).send({ made: ++made }),
          );
          scope.get('/api/broken', { config: { access: 'viewer' } }, () => {
            throw new Error('secret detail /etc/passwd');
          });
        },
      ],
      doors: [],
    });
    await app.ready();
  });

  afterAll(async () => {
    await app.close();
    await store.close();
  });

  const withToken = { authorization: `Bearer ${BOOTSTRAP}` };
  const withSession = () => ({ cookie, 'x-patchbay-request': '1' });

  describe('first run', () => {
    const person = { name: 'Ada', email: 'ada@example.com', password: PASSWORD };

    it('needs the code from the console', async () => {
      expect((await app.inject('/api/setup')).json()).toEqual({ needed: true });
      const wrong = await app.inject({ method: 'POST', url: '/api/setup', payload: { ...person, code: 'guess' } });
      expect(wrong.statusCode).toBe(403);
    });

    it('makes one owner of one code, also when two ask at once, and signs in', async () => {
      const answers = await Promise.all(
        ['ada@example.com', 'eve@example.com'].map((email) =>
          app.inject({ method: 'POST', url: '/api/setup', payload: { ...person, email, code: setupCode } }),
        ),
      );
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403]);
      const winner = answers.find(({ statusCode }) => statusCode === 200);
      expect(winner?.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
      expect((await app.inject('/api/setup')).json()).toEqual({ needed: false });
      const email = answers[0]?.statusCode === 200 ? 'ada@example.com' : 'eve@example.com';
      const signIn = await app.inject({ method: 'POST', url: '/api/sign-in', payload: { email, password: PASSWORD } });
      expect(signIn.statusCode).toBe(200);
      cookie = signIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const session = await app.inject({ url: '/api/session', headers: { cookie } });
      expect(session.json()).toMatchObject({
        user: { email, name: 'Ada' },
        group: { role: 'owner' },
        registryRoles: ['admin'],
      });
    });

    it('says the same for a wrong password and an unknown address', async () => {
      const wrong = await app.inject({
        method: 'POST',
        url: '/api/sign-in',
        payload: { email: 'ada@example.com', password: 'x' },
      });
      const unknown = await app.inject({
        method: 'POST',
        url: '/api/sign-in',
        payload: { email: 'no@example.com', password: 'x' },
      });
      expect(wrong.statusCode).toBe(401);
      expect({ ...wrong.json().error, requestId: '' }).toEqual({ ...unknown.json().error, requestId: '' });
    });
  });

  describe('access', () => {
    it('refuses who is not signed in, with the remedy', async () => {
      const answer = await app.inject('/api/session');
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
      expect(answer.json().error).toMatchObject({ code: 'SESSION_REQUIRED', remedy: expect.stringMatching(/token/) });
    });

    it('refuses a change by cookie without the header that no form can set', async () => {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/things',
        headers: { cookie },
        payload: { name: 'a' },
      });
      expect(answer.statusCode).toBe(403);
    });

    it('keeps a token within its scopes and its maker’s role', async () => {
      const make = async (scopes: string[]) =>
        (
          await app.inject({
            method: 'POST',
            url: '/api/tokens',
            headers: withSession(),
            payload: { name: 't', scopes },
          })
        ).json().token as string;
      const reader = { authorization: `Bearer ${await make(['read'])}` };
      const writer = { authorization: `Bearer ${await make(['write'])}` };
      expect((await app.inject({ url: '/api/session', headers: reader })).statusCode).toBe(200);
      expect(
        (await app.inject({ method: 'POST', url: '/api/things', headers: reader, payload: { name: 'a' } })).statusCode,
      ).toBe(403);
      expect(
        (await app.inject({ method: 'POST', url: '/api/things', headers: writer, payload: { name: 'a' } })).statusCode,
      ).toBe(201);
      expect((await app.inject({ url: '/api/audit', headers: writer })).statusCode).toBe(403);
      expect(
        (
          await app.inject({
            method: 'POST',
            url: '/api/tokens',
            headers: writer,
            payload: { name: 't', scopes: ['admin'] },
          })
        ).statusCode,
      ).toBe(403);
    });

    it('stores only the digest of a token, and a revoked one is refused', async () => {
      const made = (
        await app.inject({
          method: 'POST',
          url: '/api/tokens',
          headers: withSession(),
          payload: { name: 'short', scopes: ['read'] },
        })
      ).json<{ id: string; token: string }>();
      const rows = await store.db.selectFrom('api_tokens').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(made.token);
      await app.inject({ method: 'DELETE', url: `/api/tokens/${made.id}`, headers: withSession() });
      const answer = await app.inject({ url: '/api/session', headers: { authorization: `Bearer ${made.token}` } });
      expect(answer.statusCode).toBe(401);
    });

    it('keeps the last owner', async () => {
      const session = (await app.inject({ url: '/api/session', headers: { cookie } })).json();
      const answer = await app.inject({
        method: 'PATCH',
        url: `/api/members/${session.user.id}`,
        headers: withSession(),
        payload: { role: 'viewer' },
      });
      expect(answer.statusCode).toBe(409);
    });

    it('cannot register a route without an access rule', async () => {
      await expect(
        createApp({
          config: config(),
          db: store.db,
          vault: createVault(randomBytes(32)),
          auth: createAuth({ db: store.db, secret: 'x'.repeat(40), publicUrl: 'http://127.0.0.1:3000' }),
          log: null,
          version: '0',
          routes: [async (scope) => void scope.get('/api/open', () => 'oops')],
          doors: [],
        }),
      ).rejects.toThrow(/no access rule/);
    });
  });

  describe('errors', () => {
    it('name the path of what is wrong in a body', async () => {
      const answer = await app.inject({ method: 'POST', url: '/api/things', headers: withToken, payload: { name: 7 } });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error).toMatchObject({ code: 'BODY_INVALID', details: [{ path: 'name' }] });
    });

    it('take a parameter without a value for one that is not there', async () => {
      const answer = await app.inject({ url: '/api/audit?limit=&cursor=', headers: withToken });
      expect(answer.statusCode, answer.body).toBe(200);
    });

    it('name a parameter that a list does not know, and those that it does', async () => {
      const answer = await app.inject({ url: '/api/audit?limit=5&actr=ada', headers: withToken });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error).toMatchObject({
        code: 'BODY_INVALID',
        details: [{ path: 'actr', message: 'There is no such parameter; there are cursor, limit' }],
      });
    });

    it('never carry detail of what was not foreseen', async () => {
      const answer = await app.inject({ url: '/api/broken', headers: withToken });
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toContain('passwd');
      expect(answer.json().error.code).toBe('INTERNAL');
    });

    it('are an envelope for unknown addresses too, as for an id that is none', async () => {
      expect((await app.inject('/api/nothing')).json().error.code).toBe('NOT_FOUND');
      const answer = await app.inject({ method: 'DELETE', url: '/api/tokens/nope', headers: withSession() });
      expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'NOT_FOUND']);
    });

    it('say of an empty body that it is empty', async () => {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/things',
        headers: { ...withToken, 'content-type': 'application/json' },
      });
      expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringContaining('empty')]);
    });
  });

  describe('Idempotency-Key', () => {
    const post = (key: string, name: string) =>
      app.inject({
        method: 'POST',
        url: '/api/things',
        headers: { ...withToken, 'idempotency-key': key },
        payload: { name },
      });

    it('gives the kept answer for the same body and refuses another', async () => {
      const first = await post('k1', 'a');
      const again = await post('k1', 'a');
      expect(again.json()).toEqual(first.json());
      expect(again.statusCode).toBe(201);
      expect(again.headers['idempotent-replayed']).toBe('true');
      const other = await post('k1', 'b');
      expect(other.json().error.code).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    it('carries a request out once when it comes twice at the same time', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => post('k2', 'same')));
      const made = new Set(answers.filter(({ statusCode }) => statusCode === 201).map((answer) => answer.json().made));
      expect(made.size).toBe(1);
    });

    it('keeps answers sealed', async () => {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/tokens',
        headers: { ...withSession(), 'idempotency-key': 'k3' },
        payload: { name: 'kept', scopes: ['read'] },
      });
      const rows = await store.db.selectFrom('idempotency_keys').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(answer.json().token);
    });
  });

  it('describes itself as OpenAPI 3.1', async () => {
    const document = (await app.inject('/api/docs/json')).json();
    expect(document.openapi).toBe('3.1.0');
    const { post } = document.paths['/api/tokens'];
    expect(post.requestBody).toBeDefined();
    expect(post.description).toMatch(/^For those with the role \w+ in the group, or a higher one\.$/);
    expect(post.responses.default.content['application/json'].schema.properties.error.required).toContain('remedy');
    expect(post.security).toBeUndefined();
    expect(document.paths['/api/sign-in'].post).toMatchObject({ description: 'For everybody.', security: [] });
  });
});

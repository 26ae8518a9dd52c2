import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import {
  groupRoles,
  tokenCreatedSchema,
  type GroupRole,
  type RegistryRole,
  type TokenScope,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import { parseConfig } from '@patchbay/host/config/config';
import { startHost, type Host } from '@patchbay/host/host';
import { createAccount } from '@patchbay/host/identity/accounts';
import { createAuth } from '@patchbay/host/identity/auth';
import { ensureFirstGroup } from '@patchbay/host/identity/first-start';
import { openStore } from '@patchbay/host/store/open-store';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { routeTable, type Rule } from './route-table.ts';

/** Somebody who asks, and what the table grants to them. */
interface Actor {
  name: string;
  headers: Readonly<Record<string, string>>;
  /** null: nobody. */
  role: GroupRole | null;
  registry: readonly RegistryRole[];
  scopes: readonly TokenScope[];
}

const PASSWORD = 'correct horse battery';
const ALL: readonly TokenScope[] = ['read', 'write', 'admin'];

describe('who may use which route', () => {
  const newHostData = startedHostData();
  let host: Host;
  /** `METHOD path`, as the server was told. */
  const registered = new Set<string>();
  const actors: Actor[] = [];
  let documented: string[] = [];
  let integrationId = '';

  beforeAll(async () => {
    const { dataFolder, token } = await newHostData();
    await makePeopleOfTheRegistry(dataFolder);
    const parsed = parseConfig({
      PORT: String(await freePort()),
      PATCHBAY_DATA: dataFolder,
      PATCHBAY_BOOTSTRAP_TOKEN: token,
      INTEGRATION_RATE_LIMIT: 'false',
      LOG_LEVEL: 'silent',
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    host = await whileListening(() => startHost(parsed.config, () => undefined));

    const bootstrap: Actor = { ...bearer('bootstrap token', token), role: 'owner', registry: ['admin'], scopes: ALL };
    actors.push({ name: 'nobody', headers: {}, role: null, registry: [], scopes: [] }, bootstrap);
    for (const role of groupRoles) {
      const email = `${role}@example.com`;
      const body = { name: role, email, role };
      const added = await ask('POST', '/api/members', bootstrap.headers, body);
      expect(added.status, await added.clone().text()).toBe(201);
      const { oneTimePassword } = z.object({ oneTimePassword: z.string() }).parse(await added.json());
      const session = await signIn(role, email, oneTimePassword);
      actors.push({ ...session, role, registry: [], scopes: ALL });
      if (role === 'owner' || role === 'viewer')
        for (const scope of ['read', 'write', 'admin'] as const)
          actors.push({ ...(await newToken(session, `${role}'s`, scope)), role, registry: [], scopes: [scope] });
    }
    for (const role of ['author', 'reviewer'] as const) {
      const session = await signIn(role, `${role}@example.com`, PASSWORD);
      actors.push({ ...session, role: 'viewer', registry: [role], scopes: ALL });
      const read = await newToken(session, `${role}'s`, 'read');
      actors.push({ ...read, role: 'viewer', registry: [role], scopes: ['read'] });
      const publish = await newToken(session, `${role}'s`, 'publish');
      actors.push({ ...publish, role: 'viewer', registry: [role], scopes: ['publish'] });
    }
    const created = await ask('POST', '/api/integrations', bootstrap.headers, { type: 'prometheus', name: 'Door' });
    expect(created.status, await created.clone().text()).toBe(201);
    integrationId = integrationSchema.parse(await created.json()).id;
    const openApi = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(await (await fetch(`${host.url}/api/docs/json`)).json());
    documented = Object.entries(openApi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
  });

  afterAll(async () => {
    await host?.close();
  });

  it('is said for every route that the host has, and for no other', () => {
    const withoutHead = [...registered].filter(
      (route) => !route.startsWith('HEAD ') || !registered.has(route.replace('HEAD', 'GET')),
    );
    expect(withoutHead.sort()).toEqual([...Object.keys(routeTable), ...Object.keys(doorTable)].sort());
  });

  it('is described for the API: the OpenAPI document has every route but those of the door', () => {
    const routes = Object.keys(routeTable).filter((route) => / \/api\/(?!docs)| \/health\/| \/metrics$/.test(route));
    expect(documented.sort()).toEqual(routes.sort());
  });

  it('holds for everybody on every route', async () => {
    const wrong: string[] = [];
    // Whoever has signed out can ask for nothing more.
    const routes = Object.entries(routeTable).sort(
      ([a], [b]) => Number(a === 'POST /api/sign-out') - Number(b === 'POST /api/sign-out'),
    );
    for (const [route, rule] of routes)
      for (const actor of actors) {
        const expected = decision(actor, route, rule);
        const status = await statusOf(actor, route);
        const met = expected === 'allowed' ? status !== 401 && status !== 403 && status < 500 : status === expected;
        if (!met) wrong.push(`${route} as ${actor.name}: ${status}, expected ${expected}`);
      }
    expect(wrong).toEqual([]);
  });

  it('opens the door to no session and to no token of a person', async () => {
    const wrong: string[] = [];
    for (const route of Object.keys(doorTable))
      for (const actor of actors) {
        const [method = ''] = route.split(' ');
        const path = `/api/integrations/prometheus?integrationId=${integrationId}`;
        const answer = await ask(method, path, actor.headers, method === 'POST' || method === 'PUT' ? {} : undefined);
        await answer.arrayBuffer();
        const expected = ['GET', 'POST', 'PUT'].includes(method) ? 401 : 405;
        if (answer.status !== expected) wrong.push(`${route} as ${actor.name}: ${answer.status}, expected ${expected}`);
      }
    expect(wrong).toEqual([]);
  });

  /** Starts the host and notes each route at the moment in which it is registered. */
  async function whileListening<T>(start: () => Promise<T>): Promise<T> {
    const listen = (message: unknown): void => {
      const { fastify } = message as { fastify: FastifyInstance };
      fastify.addHook('onRoute', ({ method, url }) => {
        // A pattern after a parameter says which values it takes, not who may ask.
        for (const one of [method].flat()) registered.add(`${one} ${url.replaceAll(/\(\^.*?\$\)/g, '')}`);
      });
    };
    subscribe('fastify.initialization', listen);
    try {
      return await start();
    } finally {
      unsubscribe('fastify.initialization', listen);
    }
  }

  async function statusOf(actor: Actor, route: string): Promise<number> {
    const [method = '', path = ''] = route.split(' ');
    // Rows that do not exist, and bodies that nothing can be made of: whoever is allowed changes nothing.
    const address = path
      .replace('/:sha256', `/${'0'.repeat(64)}`)
      .replace(/^(\/api\/integrations)\/:id/, '$1/int_00000000000000000000000000')
      .replaceAll(/:\w+/g, 'unknown')
      .replace('*', 'unknown.js');
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
    const answer = await ask(method, address, actor.headers, body);
    // One of them is a stream without end.
    await answer.body?.cancel();
    return answer.status;
  }

  async function signIn(name: string, email: string, password: string): Promise<Pick<Actor, 'name' | 'headers'>> {
    const answer = await ask('POST', '/api/sign-in', {}, { email, password });
    expect(answer.status, await answer.text()).toBe(200);
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    return { name, headers: { cookie, 'x-patchbay-request': '1' } };
  }

  async function newToken(
    session: Pick<Actor, 'headers'>,
    whose: string,
    scope: TokenScope,
  ): Promise<Pick<Actor, 'name' | 'headers'>> {
    const answer = await ask('POST', '/api/tokens', session.headers, {
      name: scope,
      scopes: [scope],
      namespace: scope === 'publish' ? 'acme' : null,
    });
    const { token } = tokenCreatedSchema.parse(await answer.json());
    return bearer(`${whose} token to ${scope}`, token);
  }

  function ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Response> {
    return fetch(host.url + path, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
    });
  }
});

/** The ingest door, which is not in the OpenAPI document: its bodies are what senders send. */
const doorTable: Readonly<Record<string, Rule>> = Object.fromEntries(
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => [
    `${method} /api/integrations/:type`,
    'integration' as const,
  ]),
);

/** What the table says, computed without a line of the host: allowed, or the status of the refusal. */
function decision(actor: Actor, route: string, rule: Rule): 'allowed' | 401 | 403 {
  if (rule === 'public') return 'allowed';
  if (actor.role === null) return 401;
  const inRegistry = rule === 'author' || rule === 'reviewer' || rule === 'registry-admin';
  const fits = inRegistry
    ? actor.registry.includes('admin') || (rule !== 'registry-admin' && actor.registry.includes(rule))
    : groupRoles.indexOf(actor.role) <= groupRoles.indexOf(rule as GroupRole);
  if (!fits) return 403;
  if (actor.scopes.includes('publish')) return route === 'POST /api/registry/plugins' ? 'allowed' : 403;
  if (actor.scopes.includes('admin')) return 'allowed';
  if (rule === 'admin' || rule === 'owner' || rule === 'registry-admin') return 403;
  return route.startsWith('GET ') || actor.scopes.includes('write') ? 'allowed' : 403;
}

function bearer(name: string, token: string): Pick<Actor, 'name' | 'headers'> {
  return { name, headers: { authorization: `Bearer ${token}` } };
}

/** Roles of the registry are given in the database: one author and one reviewer, who are viewers of the group. */
async function makePeopleOfTheRegistry(folder: string): Promise<void> {
  const store = await openStore({ folder, databaseUrl: undefined });
  try {
    const { db } = store;
    const group_id = await ensureFirstGroup(db);
    const auth = createAuth({ db, secret: 'x'.repeat(40), publicUrl: 'http://127.0.0.1:3000' });
    for (const role of ['author', 'reviewer'] as const) {
      const made = await createAccount(auth, { name: role, email: `${role}@example.com`, password: PASSWORD });
      if (!made.ok) throw new Error('the account exists');
      await db.insertInto('group_members').values({ group_id, user_id: made.userId, role: 'viewer' }).execute();
      await db.insertInto('registry_members').values({ user_id: made.userId, role }).execute();
    }
  } finally {
    await store.close();
  }
}

import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { GroupRole, TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { createApp } from '../api/app.ts';
import { parseConfig } from '../config/config.ts';
import { createAccount } from '../identity/accounts.ts';
import { createAuth } from '../identity/auth.ts';
import { createToken } from '../identity/tokens.ts';
import { installationRoutes } from './installation-routes.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ALL: readonly TokenScope[] = ['read', 'write', 'admin'];
const plugin = 'acme/probe';
const version = '1.1.0';
const reason = 'It mends a hole that is being used.';

eachDatabase('a version that is taken early, over HTTP', (newDatabase) => {
  const checkTools = keptCheckTools();
  let world: RegistryAndGroup;
  let app: FastifyInstance;
  let url = '';
  let id: InstallationId;
  let consent = '';
  /** Tokens, by who has them. */
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
    const { db } = world.store;
    world.deps.cooldownHours = 24;
    world.registry.now = () => new Date(Date.now() - 2 * DAY_MS);
    await world.publish(plugin);
    world.registry.now = () => new Date();
    await world.publish(plugin, { version });
    id = await world.install(plugin, '1.0.0');
    consent = consentOf((await world.deps.client.detail(plugin, version))!.manifest).digest;

    const auth = createAuth({ db, secret: randomBytes(32).toString('hex'), publicUrl: 'http://127.0.0.1:3000' });
    const person = async (name: string, role: GroupRole, groupId: GroupId = world.groupId) => {
      const account = { name, email: `${name}@example.com`, password: 'correct horse battery' };
      const made = await createAccount(auth, account);
      if (!made.ok) throw new Error(`There is a ${name} already.`);
      const { userId } = made;
      await db.insertInto('group_members').values({ group_id: groupId, user_id: userId, role }).execute();
      const given = { groupId, userId, role, expiresAt: null };
      tokens[name] = (await createToken(db, { ...given, name, scopes: ALL })).token;
      tokens[`${name}, again`] = (await createToken(db, { ...given, name: 'again', scopes: ALL })).token;
      tokens[`${name}, writing`] = (
        await createToken(db, { ...given, name: 'write', scopes: ['read', 'write'] })
      ).token;
    };
    for (const role of ['owner', 'admin', 'member', 'viewer'] as const) await person(role, role);
    const elsewhere = newId('group');
    await db.insertInto('groups').values({ group_id: elsewhere, name: 'Second' }).execute();
    await person('stranger', 'owner', elsewhere);
    const nobodys = { groupId: world.groupId, userId: null, name: 'operator', role: 'owner', expiresAt: null } as const;
    tokens['operator'] = (await createToken(db, { ...nobodys, scopes: ALL })).token;

    const config = parseConfig({ PORT: '0' });
    if (!config.ok) throw new Error('the default configuration does not parse');
    app = await createApp({
      ...{ config: config.config, db, auth, log: null, version: '0.0.0', doors: [] },
      vault: world.deps.vault,
      routes: [installationRoutes(world.deps)],
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/installations/${id}`;
  });
  afterAll(async () => {
    await app?.close();
    await closePluginRuns();
    await world?.close();
  });

  const send = async (who: string, path: string, body?: object) => {
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(who === 'nobody' ? {} : { authorization: `Bearer ${tokens[who]}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const ask = (who: string, body: object = { version, reason }) => send(who, '/early-update', body);
  const confirm = (who: string) => send(who, '/early-update/confirm', { version });
  const update = (who: string) => send(who, '/update', { version, consent });
  const asked = () => world.store.db.selectFrom('early_updates').select(['asked_by', 'confirmed_by']).execute();
  const refusedTo = [
    ['nobody', 401],
    ['viewer', 403],
    ['member', 403],
    // Of an admin, but not to act as one.
    ['admin, writing', 403],
    ['stranger', 404],
    ['operator', 403],
  ] as const;

  it('is asked for by an admin or owner in person, with a reason, and only while it is held', async () => {
    for (const [who, status] of refusedTo) expect(await ask(who), who).toMatchObject({ status });
    expect(await ask('admin', { version })).toMatchObject({ status: 400 });
    expect(await ask('admin', { version, reason: '  ' })).toMatchObject({ status: 400 });
    expect(await ask('admin', { version: '1.0.0', reason })).toMatchObject({ status: 409 });
    expect(await ask('admin', { version: '9.0.0', reason })).toMatchObject({ status: 404 });
    expect(await confirm('admin')).toMatchObject({ status: 404 });
    expect(await asked()).toEqual([]);

    expect(await ask('admin')).toMatchObject({
      status: 200,
      body: { updateAvailable: null, heldUpdate: { version, early: { reason, confirmedBy: null } } },
    });
    expect(await ask('owner')).toMatchObject({ status: 409 });
    const shown = { status: 200, body: { heldUpdate: { version, early: { reason } } } };
    expect(await send('viewer', '')).toMatchObject(shown);
    expect(await update('owner')).toMatchObject({ status: 409, body: { error: { code: 'UPDATE_TOO_NEW' } } });
  });

  it('is confirmed by another admin or owner in person, and then taken by either', async () => {
    for (const [who, status] of refusedTo) expect(await confirm(who), who).toMatchObject({ status });
    // Two tokens of one person are one person.
    for (const who of ['admin', 'admin, again'])
      expect(await confirm(who)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
    expect(await asked()).toMatchObject([{ confirmed_by: null }]);
    expect(await update('admin')).toMatchObject({ status: 409, body: { error: { code: 'UPDATE_TOO_NEW' } } });

    const both = await Promise.all(['owner', 'owner, again'].map(confirm));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await send('viewer', '')).toMatchObject({ body: { updateAvailable: version, heldUpdate: null } });
    expect(await update('member')).toMatchObject({ status: 403 });
    expect(await update('admin')).toMatchObject({ status: 200, body: { version, updateAvailable: null } });
  });
});

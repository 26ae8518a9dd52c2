import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { newPerson, type Person } from '../support/people.ts';

describe('groups and roles of a host', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    host = await startHost(await newHostData());
    ada = await newPerson(host, { name: 'Ada', role: 'owner', registryRoles: ['admin'] });
    bob = await newPerson(host, { name: 'Bob', role: 'member' });
  });
  afterAll(async () => {
    await host?.stop();
  });

  async function ask(person: Person, method: string, path: string, body?: unknown, group?: string) {
    const answer = await fetch(host.url + path, {
      method,
      headers: {
        ...person.session,
        ...(group !== undefined && { 'x-group': group }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  it('makes a group of its own for an owner, who sees nothing of the first one in it', async () => {
    const made = await ask(ada, 'POST', '/api/groups', { name: 'Payments' });
    expect(made).toMatchObject({ status: 201, body: { name: 'Payments', role: 'owner' } });
    const id = z.string().parse(made.body['id']);
    const session = await ask(ada, 'GET', '/api/session', undefined, id);
    expect(session.body).toMatchObject({ group: { id, name: 'Payments', role: 'owner' } });
    expect(session.body['groups']).toHaveLength(2);
    expect((await ask(ada, 'GET', '/api/installations', undefined, id)).body['items']).toEqual([]);
    expect((await ask(ada, 'GET', '/api/services', undefined, id)).body['items']).toMatchObject([{ isDefault: true }]);
    expect((await ask(ada, 'GET', '/api/audit', undefined, id)).body['items']).toMatchObject([
      { action: 'group.create', target: id },
    ]);
    // Somebody of the first group is nobody here.
    expect(await ask(bob, 'GET', '/api/session', undefined, id)).toMatchObject({ status: 403 });
  });

  it('is renamed by its owner', async () => {
    expect(await ask(ada, 'PATCH', '/api/group', { name: '  Operations ' })).toMatchObject({
      status: 200,
      body: { name: 'Operations' },
    });
    expect((await ask(bob, 'GET', '/api/session')).body).toMatchObject({ group: { name: 'Operations' } });
    expect(await ask(bob, 'PATCH', '/api/group', { name: 'Mine' })).toMatchObject({ status: 403 });
    expect(await ask(ada, 'PATCH', '/api/group', { name: ' ' })).toMatchObject({ status: 400 });
  });

  it('is not made by a token of nobody, who could not sign in to it', async () => {
    const answer = await host.request('/api/groups', { body: { name: 'Ghosts' } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('as a person');
  });

  it('gives roles of the registry, and keeps its last admin', async () => {
    const own = `/api/registry-members/${ada.userId}`;
    expect(await ask(ada, 'PUT', own, { roles: ['author'] })).toMatchObject({ status: 409 });
    const others = `/api/registry-members/${bob.userId}`;
    expect(await ask(bob, 'PUT', others, { roles: ['admin'] })).toMatchObject({ status: 403 });
    expect(await ask(ada, 'PUT', others, { roles: ['reviewer', 'admin', 'admin'] })).toMatchObject({
      status: 200,
      body: { name: 'Bob', roles: ['admin', 'reviewer'] },
    });
    const session = await ask(bob, 'GET', '/api/session');
    expect((session.body['registryRoles'] as string[]).sort()).toEqual(['admin', 'reviewer']);
    expect(await ask(ada, 'PUT', own, { roles: [] })).toMatchObject({ status: 200, body: { roles: [] } });
    expect(await ask(ada, 'GET', '/api/registry-members')).toMatchObject({ status: 403 });
    expect(await ask(bob, 'PUT', '/api/registry-members/nobody', { roles: [] })).toMatchObject({ status: 404 });
  });
});

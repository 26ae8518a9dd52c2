import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { ownNamespaceListSchema } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { newPerson, type Person } from '../support/people.ts';

const CLI = fileURLToPath(new URL('../../plugin-sdk/dist/cli.mjs', import.meta.url));

describe('a namespace over the API', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let folder: string;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-author-'));
    host = await startHost(await newHostData());
    ann = await newPerson(host, { name: 'Ann', registryRoles: ['author'] });
    bob = await newPerson(host, { name: 'Bob', registryRoles: ['author'] });
    for (const id of ['acme/probe', 'acme/second', 'other/third']) expect((await patchbay('init', id)).code).toBe(0);
  });
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function patchbay(...args: string[]) {
    const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'configuration') };
    const child = spawn(process.execPath, [CLI, ...args, '--json'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [code, output] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, report: output === '' ? null : JSON.parse(output) };
  }
  const publish = (path: string, token: string) =>
    patchbay('publish', path, '--registry', host.url, '--token', token, '--key', 'author.pem');
  const api = async (who: { token: string }, method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${who.token}` };
    const answer = await host.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
    const said = await answer.text();
    return { status: answer.status, body: said === '' || said === 'null' ? null : JSON.parse(said) };
  };
  const namespaces = async (who: Person) =>
    ownNamespaceListSchema.parse((await api(who, 'GET', '/api/registry/namespaces/mine')).body);
  const publishToken = async (who: Person, namespace: string | null, scopes = ['publish']) =>
    api(who, 'POST', '/api/tokens', { name: 'CI', scopes, namespace });

  it('is claimed, shared, and left to somebody else', async () => {
    const claim = (who: Person, body: object) => api(who, 'POST', '/api/registry/namespaces', body);
    expect(await claim(ann, { namespace: 'Not A Name' })).toMatchObject({ status: 400 });
    expect(await claim(ann, { namespace: 'github' })).toMatchObject({ status: 403 });
    expect(await claim(ann, { namespace: 'acme' })).toMatchObject({ status: 201, body: { state: 'yours' } });
    expect(await claim(bob, { namespace: 'acme' })).toMatchObject({ status: 409 });
    const members = '/api/registry/namespaces/acme/members';
    const add = (email: string, by: Person) => api(by, 'PUT', members, { email, role: 'member' });
    expect(await add('bob@example.com', bob)).toMatchObject({ status: 403 });
    expect(await add('nobody@example.com', ann)).toMatchObject({ status: 404 });
    expect(await add('Bob@Example.com', ann)).toMatchObject({ status: 204 });
    expect(await namespaces(bob)).toMatchObject({
      items: [{ namespace: 'acme', role: 'member', members: [{ role: 'owner' }, { role: 'member' }], keys: [] }],
      names: { [`user:${ann.userId}`]: 'Ann', [`user:${bob.userId}`]: 'Bob' },
    });
    // Whoever is no owner cannot say which key signs for it.
    expect((await publish('probe', bob.token)).report.error).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
      message: expect.stringContaining('no key yet'),
    });
    expect(await publish('probe', ann.token)).toMatchObject({ code: 3 });
    expect(await publish('second', bob.token)).toMatchObject({ code: 3 });
    expect(await api(bob, 'DELETE', `${members}/user:${ann.userId}`)).toMatchObject({ status: 403 });
  });

  it('has tokens that publish there and can do nothing else', async () => {
    expect(await publishToken(ann, null)).toMatchObject({ status: 400 });
    expect(await publishToken(ann, 'acme', ['read'])).toMatchObject({ status: 400 });
    expect(await publishToken(ann, 'acme', ['publish', 'read'])).toMatchObject({ status: 400 });
    const made = await publishToken(ann, 'acme');
    expect(made).toMatchObject({ status: 201, body: { scopes: ['publish'], namespace: 'acme' } });
    const { token } = made.body as { token: string };

    const manifest = join(folder, 'probe/plugin.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"0.1.0"', '"0.2.0"'));
    expect(await publish('probe', token)).toMatchObject({ code: 3, report: { version: '0.2.0' } });
    expect((await publish('third', token)).report.error).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
      message: 'This token is good for the namespace "acme" alone.',
    });
    for (const [method, path, body] of [
      ['GET', '/api/session'],
      ['GET', '/api/registry/plugins/mine'],
      ['POST', '/api/tokens', { name: 'more', scopes: ['publish'], namespace: 'acme' }],
      ['POST', '/api/registry/namespaces', { namespace: 'other' }],
      ['POST', '/api/registry/namespaces/acme/transfer', { email: 'bob@example.com' }],
      ['POST', '/api/registry/plugins/acme/probe/versions/0.1.0/yank', { reason: 'x' }],
    ] as const)
      expect(await api({ token }, method, path, body), path).toMatchObject({
        status: 403,
        body: { error: { code: 'FORBIDDEN' } },
      });
    // It neither claims a namespace that is free, nor says which key signs for one that has none.
    const other = (await publishToken(ann, 'other')).body as { token: string };
    expect((await publish('third', other.token)).report.error).toMatchObject({ code: 'NAMESPACE_UNCLAIMED' });
    await api(ann, 'POST', '/api/registry/namespaces', { namespace: 'other' });
    expect((await publish('third', other.token)).report.error).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
    // Who is put out of a namespace publishes there by no token.
    await api(ann, 'POST', '/api/registry/namespaces/acme/transfer', { email: 'bob@example.com' });
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"0.2.0"', '"0.3.0"'));
    expect((await publish('probe', token)).report.error).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
  });

  it('whose key is lost gets another from an admin of the registry', async () => {
    const root = { token: host.token };
    const lost = '/api/registry/namespaces/acme/lost-key';
    const publicKey = publicKeyPem(generateSigningKey().publicKey);
    const reason = 'The disk is broken.';
    expect(await api(bob, 'POST', lost, { publicKey: 'no key', reason })).toMatchObject({ status: 400 });
    expect(await api(ann, 'POST', lost, { publicKey, reason })).toMatchObject({ status: 403 });
    const next = ['--next', 'new-key.pem', '--reason', reason];
    const asked = await patchbay('lost-key', 'acme', ...next, '--registry', host.url, '--token', bob.token);
    expect(asked).toMatchObject({ code: 0, report: { namespace: 'acme', file: 'new-key.pem' } });
    const { items } = (await api(root, 'GET', '/api/registry/namespace-requests')).body as { items: { id: string }[] };
    expect(items).toMatchObject([{ namespace: 'acme', kind: 'lost-key', owners: [`user:${bob.userId}`] }]);
    const decision = `/api/registry/namespace-requests/${items[0]?.id}/decision`;
    expect(await api(bob, 'POST', decision, { grant: true, reason: 'x' })).toMatchObject({ status: 403 });
    expect(await api(root, 'POST', decision, { grant: true, reason: 'I called them.' })).toMatchObject({ status: 204 });
    expect(await publish('probe', bob.token)).toMatchObject({
      code: 1,
      report: { error: { code: 'SIGNING_KEY_UNKNOWN', message: expect.stringContaining('this is signed with') } },
    });
    const withNext = ['--registry', host.url, '--token', bob.token, '--key', 'new-key.pem'];
    expect(await patchbay('publish', 'probe', ...withNext)).toMatchObject({ code: 3 });
  });
});

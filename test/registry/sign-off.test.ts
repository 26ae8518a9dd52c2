import { reviewLimits } from '@patchbay/plugin-sdk/contract/limits';
import { revocationResultSchema, signOffListSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { newPerson, type Person } from '../support/people.ts';
import { countInstalls } from '../support/registry-road.ts';

const plugin = 'patchbay/sentry';

describe('a hard revocation of many installations over the API', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let rita: Person;
  let rob: Person;

  beforeAll(async () => {
    host = await startHost(await newHostData());
    rita = await newPerson(host, { name: 'Rita', registryRoles: ['reviewer'] });
    rob = await newPerson(host, { name: 'Rob', registryRoles: ['reviewer'] });
    await countInstalls(host, plugin, reviewLimits.loneRevocationInstalls + 1);
  });
  afterAll(async () => {
    await host?.stop();
  });

  const byToken = ({ token }: Person) => ({ authorization: `Bearer ${token}` });
  const ask = async (headers: Readonly<Record<string, string>>, method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${host.url}/api/registry/${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    return { status: answer.status, body: said === '' || said === 'null' ? null : (JSON.parse(said) as unknown) };
  };

  it('says that it waits and for how many, and is not confirmed by another token of the same person', async () => {
    const order = { plugin, range: '*', kind: 'hard', reason: 'It was found to be bad.' };
    const asked = await ask(rita.session, 'POST', 'revocations', order);
    expect(asked.status).toBe(201);
    const { signOff, revoked } = revocationResultSchema.parse(asked.body);
    expect(revoked).toHaveLength(1);
    expect(signOff).toMatchObject({ limit: reviewLimits.loneRevocationInstalls });
    expect(signOff?.installs).toBeGreaterThan(reviewLimits.loneRevocationInstalls);
    const id = signOff?.id ?? '';
    const { items } = signOffListSchema.parse((await ask(byToken(rob), 'GET', 'sign-offs')).body);
    expect(items).toMatchObject([{ id, plugin, askedBy: `user:${rita.userId}`, mayNotConfirm: null }]);

    const other = await fetch(`${host.url}/api/tokens`, {
      method: 'POST',
      headers: { ...rita.session, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'another', scopes: ['read', 'write', 'admin'] }),
    });
    const { token } = z.object({ token: z.string() }).parse(await other.json());
    for (const self of [rita.session, byToken(rita), { authorization: `Bearer ${token}` }])
      expect(await ask(self, 'POST', `sign-offs/${id}/confirm`, {})).toMatchObject({
        status: 403,
        body: { error: { code: 'OWN_SUBMISSION' } },
      });
    // An admin of the registry is a second person as well as a reviewer is.
    const admin = { authorization: `Bearer ${host.token}` };
    expect(await ask(admin, 'POST', `sign-offs/${id}/confirm`)).toMatchObject({ status: 200, body: { revoked } });
    expect(await ask(byToken(rob), 'POST', `sign-offs/${id}/withdraw`, { reason: 'Late.' })).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT' } },
    });
    const list = await ask(byToken(rob), 'GET', 'revocations');
    expect(list.body).toMatchObject({ items: [{ plugin, kind: 'hard', reason: order.reason, by: 'operator' }] });
  });
});

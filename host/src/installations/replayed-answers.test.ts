import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { yankVersion } from '@patchbay/registry/catalogue/yank';
import { createRegistryClient, type RegistryAnswer } from '@patchbay/registry/client/registry-client';
import { revocationList } from '@patchbay/registry/log/revocation-list';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';
import { registryTrust } from './registry-trust.ts';
import { presentRevocations } from './revocation-list.ts';

eachDatabase('answers of a registry that were changed or are old', (newDatabase) => {
  const checkTools = keptCheckTools();
  let world: RegistryAndGroup;

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
    await world.publish('acme/probe');
    await world.publish('acme/probe', { version: '1.1.0' });
  });
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  const detail = '/api/registry/plugins/acme/probe';
  const list = '/api/registry/plugins?sort=name';
  const ask = (path: string) => directRequest(world.registry)('GET', path);
  /** A client on the same memory, as after a restart, to whom somebody else answers where the path begins so. */
  const toldInstead = (path: string, told: RegistryAnswer) => {
    const request = directRequest(world.registry);
    return createRegistryClient({
      request: async (method, asked) => (asked === path ? told : request(method, asked)),
      trust: registryTrust(world.store.db),
    });
  };
  const changed = async (path: string, change: (answer: Record<string, unknown>) => object) =>
    toldInstead(path, { status: 200, body: Buffer.from(JSON.stringify(change(JSON.parse(text(await ask(path)))))) });
  const refusal = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'taken',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );

  it('are taken as they are', async () => {
    expect(await refusal((await changed(detail, (answer) => answer)).detail('acme/probe'))).toBe('taken');
    expect(await refusal((await changed(list, (answer) => answer)).list({ sort: 'name' }))).toBe('taken');
  });

  it('are refused when they are not what was signed, or not for this question', async () => {
    const asked = async (change: (answer: Record<string, unknown>) => object) =>
      refusal((await changed(detail, change)).detail('acme/probe'));
    expect(await asked((answer) => ({ ...answer, state: 'published', readme: 'Read me.' }))).toBe(
      'CATALOGUE_INVALID: The registry’s catalogue is refused: it is not what was signed.',
    );
    expect(await asked(({ signed: _signed, ...answer }) => answer)).toContain('it is not signed');
    for (const body of ['null', '[]', 'no JSON'])
      expect(
        await refusal(toldInstead(detail, { status: 200, body: Buffer.from(body) }).detail('acme/probe')),
      ).toContain('it is not signed');
    const key = generateSigningKey();
    const place = { number: 1000, logHash: 'a'.repeat(64), issuedAt: new Date().toISOString() };
    const forged = { ...place, question: 'b'.repeat(64), answer: 'c'.repeat(64) };
    const own = (answer: object) => ({ ...answer, signed: signStatement('catalogue', forged, key) });
    expect(await asked(own)).toContain('not signed by a trusted key');
    const old = await ask(`${detail}?version=1.0.0`);
    expect(await refusal(toldInstead(detail, old).detail('acme/probe'))).toContain('for another question');
    const other = await ask('/api/registry/plugins?sort=name&q=nothing');
    expect(await refusal(toldInstead(list, other).list({ sort: 'name' }))).toContain('for another question');
  });

  it('are refused when they are older than what was seen, whichever of them has shown it', async () => {
    const oldDetail = await ask(detail);
    const oldList = await ask(list);
    const oldRevocations = await revocationList(world.registry);
    await yankVersion(world.registry, 'acme/probe', '1.1.0', 'It is slow.', 'user:ann');
    expect((await world.deps.client.detail('acme/probe'))?.version).toBe('1.0.0');

    expect(await refusal(toldInstead(detail, oldDetail).detail('acme/probe'))).toMatch(
      /^CATALOGUE_INVALID: .*it is an older one: it has the number \d+, and this host has seen \d+/,
    );
    expect(await refusal(toldInstead(list, oldList).list({ sort: 'name' }))).toContain('an older one');
    const replaying = { ...world.deps.client, revocations: () => Promise.resolve(oldRevocations) };
    expect(await refusal(presentRevocations({ db: world.store.db, client: replaying }))).toMatch(
      /^REVOCATIONS_INVALID: .*an older one/,
    );
  });

  it('are refused when a list of revoked versions was changed', async () => {
    const envelope = await revocationList(world.registry);
    const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as object;
    const payload = Buffer.from(JSON.stringify({ ...statement, entries: [], number: 1000 })).toString('base64');
    const client = { ...world.deps.client, revocations: () => Promise.resolve({ ...envelope, payload }) };
    expect(await refusal(presentRevocations({ db: world.store.db, client }))).toContain('signature does not match');
  });

  it('keep an installation from being made, with the reason; what is installed stays', async () => {
    const id = await world.install('acme/probe', '1.0.0');
    const path = `${detail}?version=1.0.0`;
    const old = await ask(path);
    await yankVersion(world.registry, 'acme/probe', '1.1.0', null, 'user:ann');
    await world.deps.client.detail('acme/probe');
    world.wire.request = async (method, asked) => (asked === path ? old : directRequest(world.registry)(method, asked));
    expect(await refusal(world.install('acme/probe', '1.0.0'))).toContain('CATALOGUE_INVALID');
    const { db } = world.store;
    const rows = await db.selectFrom('installations').select(['installation_id', 'state']).execute();
    expect(rows).toEqual([{ installation_id: id, state: 'enabled' }]);
  });
});

function text({ body }: RegistryAnswer): string {
  return Buffer.from(body).toString('utf8');
}

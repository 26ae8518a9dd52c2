import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { yankVersion } from '@patchbay/registry/catalogue/yank';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import { removeMember, setMember, transferNamespace } from '@patchbay/registry/namespaces/change-members';
import { createNamespace } from '@patchbay/registry/namespaces/create-namespace';
import { openRequests, ownRequests } from '@patchbay/registry/namespaces/list-requests';
import { askForNamespace, decideRequest, reportLostKey } from '@patchbay/registry/namespaces/namespace-requests';
import { ownersOf } from '@patchbay/registry/namespaces/namespace-members';
import { ownNamespaces } from '@patchbay/registry/namespaces/own-namespaces';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { rotateKey } from '@patchbay/registry/publish/rotate-key';
import { submissionDetail } from '@patchbay/registry/review/submission-detail';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage } from '../../../test/support/plugin-packages.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';

const GRANT = { grant: true, reason: 'They have shown it.', versions: 'keep' } as const;

eachDatabase('a namespace', (newDatabase) => {
  const checkTools = keptCheckTools();
  let world: RegistryAndGroup;

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
  });
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  const logged = async (action: string) => {
    const rows = await world.registry.db.selectFrom('registry_log').select('entry').orderBy('seq').execute();
    return rows
      .map(({ entry }) => JSON.parse(entry) as { action: string; actor: string; subject: string; details: object })
      .filter((entry) => entry.action === action);
  };
  const publish = async (id: string, version: string, name: string, more: object = {}, key = world.author) => {
    const outcome = await world.submit(await makePackage(id, { version }), key, { name, ...more });
    return outcome.ok ? outcome.state : `${outcome.code}: ${outcome.message}`;
  };

  it('is not taken by a first upload that does not say so, and then by one of two', async () => {
    const { registry } = world;
    expect(await publish('acme/probe', '1.0.0', 'user:ann')).toContain('NAMESPACE_UNCLAIMED');
    expect(await ownersOf(registry.db, 'acme')).toEqual([]);
    const both = await Promise.all(['user:ann', 'user:bob'].map((who) => createNamespace(registry, 'race', who)));
    expect(both.map((one) => (one.ok ? 'ok' : one.code)).sort()).toEqual(['CONFLICT', 'ok']);
    expect(await createNamespace(registry, 'acme', 'user:ann')).toEqual({ ok: true });
    expect(await publish('acme/probe', '1.0.0', 'user:ann')).toBe('in_review');
    expect(await publish('other/probe', '1.0.0', 'user:ann', { claims: true })).toBe('in_review');
    expect(await logged('namespace.claimed')).toHaveLength(3);
    expect(await logged('key.enrolled')).toMatchObject([
      { subject: 'acme', details: { keyId: world.author.id } },
      { subject: 'other' },
    ]);
  });

  it('of a reserved name is had by nobody without an admin, and ours by nobody', async () => {
    const { registry } = world;
    for (const name of ['patchbay', 'github', 'admin']) {
      expect(await createNamespace(registry, name, 'user:ann')).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
      expect(await publish(`${name}/probe`, '1.0.0', 'user:ann', { claims: true })).toContain('reserved');
    }
    expect(await askForNamespace(registry, 'patchbay', 'It is mine.', 'user:ann')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(await askForNamespace(registry, 'github', 'We are GitHub.', 'user:gil')).toMatchObject({ ok: true });
    expect(await askForNamespace(registry, 'github', 'We are.', 'user:gil')).toMatchObject({ code: 'CONFLICT' });
    const [request] = await openRequests(registry);
    expect(request).toMatchObject({ kind: 'claim', namespace: 'github', askedBy: 'user:gil', owners: [] });
    expect(await decideRequest(registry, request!.id, GRANT, 'user:gil')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await decideRequest(registry, request!.id, GRANT, 'operator')).toEqual({ ok: true });
    expect(await decideRequest(registry, request!.id, GRANT, 'operator')).toMatchObject({ code: 'CONFLICT' });
    expect(await ownersOf(registry.db, 'github')).toEqual(['user:gil']);
    expect(await openRequests(registry)).toEqual([]);
    expect(await ownRequests(registry, 'user:gil')).toMatchObject([{ state: 'granted', decision: GRANT.reason }]);
    expect(await ownRequests(registry, 'user:eve')).toEqual([]);
    registry.now = () => new Date(Date.now() + 31 * 24 * 60 * 60 * 1000);
    expect(await ownRequests(registry, 'user:gil')).toEqual([]);
    registry.now = () => new Date();
  });

  it('lets its members publish and yank, and its owners decide who they are', async () => {
    const { registry } = world;
    expect(await publish('acme/tool', '1.0.0', 'user:mia')).toContain('NAMESPACE_FORBIDDEN');
    expect(await setMember(registry, 'acme', 'user:mia', 'member', 'user:mia')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(await setMember(registry, 'acme', 'user:mia', 'member', 'user:ann')).toEqual({ ok: true });
    expect(await publish('acme/tool', '1.0.0', 'user:mia')).toBe('in_review');
    expect(await setMember(registry, 'acme', 'user:eve', 'owner', 'user:mia')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    const next = generateSigningKey();
    const rotation = signStatement(
      'key-rotation',
      { namespace: 'acme', publicKey: publicKeyPem(next.publicKey) },
      world.author,
    );
    expect(await rotateKey(registry, 'acme', rotation, 'user:mia')).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
    const waiting = await registry.db
      .selectFrom('registry_submissions')
      .select('submission_id')
      .where('plugin_id', '=', 'acme/tool')
      .executeTakeFirstOrThrow();
    // Who belongs to the namespace does not review what is submitted there by another member.
    expect(await approveSubmission(registry, waiting.submission_id, 'user:ann')).toMatchObject({
      code: 'OWN_SUBMISSION',
    });
    expect(await approveSubmission(registry, waiting.submission_id, 'user:rita')).toEqual({ ok: true });
    expect(await yankVersion(registry, 'acme/tool', '1.0.0', 'A mistake.', 'user:eve')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(await yankVersion(registry, 'acme/tool', '1.0.0', 'A mistake.', 'user:mia')).toEqual({ ok: true });
    expect(await logged('namespace.owners-changed')).toEqual([]);
    expect(await removeMember(registry, 'acme', 'user:mia', 'user:mia')).toEqual({ ok: true });
    expect(await publish('acme/tool', '1.1.0', 'user:mia')).toContain('NAMESPACE_FORBIDDEN');
    expect((await logged('namespace.member-changed')).map(({ details }) => details)).toEqual([
      { member: 'user:mia', before: null, after: 'member' },
      { member: 'user:mia', before: 'member', after: null },
    ]);
  });

  it('keeps an owner, also when both leave at once', async () => {
    const { registry } = world;
    expect(await removeMember(registry, 'acme', 'user:ann', 'user:ann')).toMatchObject({ code: 'CONFLICT' });
    expect(await setMember(registry, 'acme', 'user:ann', 'member', 'user:ann')).toMatchObject({ code: 'CONFLICT' });
    await setMember(registry, 'acme', 'user:bob', 'owner', 'user:ann');
    const left = await Promise.all(['user:ann', 'user:bob'].map((who) => removeMember(registry, 'acme', who, who)));
    expect(left.filter(({ ok }) => ok)).toHaveLength(1);
    const [owner = ''] = await ownersOf(registry.db, 'acme');
    if (owner === 'user:bob') await transferNamespace(registry, 'acme', 'user:ann', 'user:bob');
    expect(await ownersOf(registry.db, 'acme')).toEqual(['user:ann']);
  });

  it('goes to somebody else by transfer or by an admin’s decision, and the log says so', async () => {
    const { registry } = world;
    const before = (await logged('namespace.owners-changed')).length;
    expect(await transferNamespace(registry, 'acme', 'user:eve', 'user:eve')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(await transferNamespace(registry, 'acme', 'user:new', 'user:ann')).toEqual({ ok: true });
    expect(await publish('acme/tool', '1.2.0', 'user:ann')).toContain('NAMESPACE_FORBIDDEN');
    await askForNamespace(registry, 'acme', 'It is our trademark.', 'user:ann');
    const [claim] = await openRequests(registry);
    expect(claim).toMatchObject({ owners: ['user:new'] });
    expect(await decideRequest(registry, claim!.id, GRANT, 'user:root')).toEqual({ ok: true });
    expect((await logged('namespace.owners-changed')).slice(before)).toMatchObject([
      { actor: 'user:ann', details: { before: ['user:ann'], after: ['user:new'], why: 'transfer' } },
      { actor: 'user:root', details: { before: ['user:new'], after: ['user:ann'], why: 'claim' } },
    ]);
    expect(await firstBrokenEntry(registry.db, registry.key.publicKey)).toBeUndefined();
  });

  it('whose key is lost gets another only by an admin, and holds what was signed if that is decided', async () => {
    const { registry } = world;
    const first = await world.publish('acme/kept');
    const open = await world.submit(await makePackage('acme/kept', { version: '1.1.0' }));
    const lost = async (key = generateSigningKey(), by = 'user:ann') => ({
      key,
      outcome: await reportLostKey(registry, 'acme', key.publicKey, 'The laptop burned.', by),
    });
    expect((await lost(undefined, 'user:eve')).outcome).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
    expect((await lost(world.author)).outcome).toMatchObject({ code: 'BODY_INVALID' });
    const kept = await lost();
    expect(await publish('acme/kept', '2.0.0', 'user:ann', {}, kept.key)).toContain('SIGNING_KEY_UNKNOWN');
    const [asked] = await openRequests(registry);
    expect(asked).toMatchObject({ kind: 'lost-key', keyId: kept.key.id, owners: ['user:ann'] });
    expect(await decideRequest(registry, asked!.id, GRANT, 'user:ann')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await decideRequest(registry, asked!.id, { ...GRANT, grant: false }, 'user:root')).toEqual({ ok: true });
    expect(await publish('acme/kept', '2.0.0', 'user:ann', {}, kept.key)).toContain('SIGNING_KEY_UNKNOWN');

    const second = await lost();
    const [again] = await openRequests(registry);
    expect(await decideRequest(registry, again!.id, GRANT, 'user:root')).toEqual({ ok: true });
    expect((await logged('key.lost')).at(-1)).toMatchObject({
      subject: 'acme',
      details: { keyId: second.key.id, replaced: [world.author.id], versions: 'keep' },
    });
    expect(
      (await ownNamespaces(registry, 'user:ann')).find(({ namespace }) => namespace === 'acme')?.keys,
    ).toMatchObject([{ keyId: second.key.id }]);
    // What the old key signed still verifies, from its bytes to the registry's key.
    expect(await world.install('acme/kept', first.version)).toMatch(/^ins_/);
    expect(await publish('acme/kept', '2.0.0', 'user:ann')).toContain('SIGNING_KEY_UNKNOWN');
    expect(await publish('acme/kept', '2.0.0', 'user:ann', {}, second.key)).toBe('in_review');

    const third = await lost();
    const [stolen] = await openRequests(registry);
    await decideRequest(registry, stolen!.id, { ...GRANT, versions: 'hold' }, 'user:root');
    const waiting = await registry.db
      .selectFrom('registry_submissions')
      .select(['version', 'state'])
      .where('plugin_id', '=', 'acme/kept')
      .orderBy('version')
      .execute();
    // Held is what the key signed that was replaced now; the one before was kept by decision.
    expect(waiting).toEqual([
      { version: '1.0.0', state: 'published' },
      { version: '1.1.0', state: 'in_review' },
      { version: '2.0.0', state: 'quarantined' },
    ]);
    expect(open.ok && (await submissionDetail(registry, open.submissionId, 'user:rita'))?.state).toBe('in_review');
    const signed = await world.submit(await makePackage('acme/kept', { version: '3.0.0' }), third.key);
    if (!signed.ok) throw new Error(signed.message);
    await approveSubmission(registry, signed.submissionId, 'user:rita');
    await lost();
    const [last] = await openRequests(registry);
    await decideRequest(registry, last!.id, { ...GRANT, versions: 'hold' }, 'user:root');
    expect(await world.deps.client.detail('acme/kept', '3.0.0')).toMatchObject({ state: 'held' });
    await expect(world.install('acme/kept', '3.0.0')).rejects.toMatchObject({ code: 'VERSION_UNAVAILABLE' });
    expect((await world.deps.client.detail('acme/kept'))?.version).toBe('1.0.0');
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { setMember, transferNamespace } from '@patchbay/registry/namespaces/change-members';
import { openRequests } from '@patchbay/registry/namespaces/list-requests';
import { decideRequest, reportLostKey } from '@patchbay/registry/namespaces/namespace-requests';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { agreeToPublisher, openNotices, readNotices } from './publisher-notices.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';
import { watchRevocations } from './revocation-watch.ts';
import { rollBackInstallation, updateInstallation } from './update-installation.ts';

eachDatabase('a publisher who is not who they were', (newDatabase) => {
  const checkTools = keptCheckTools();
  const other: GroupId = newId('group');
  let world: RegistryAndGroup;
  let id: InstallationId;

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
    await world.store.db.insertInto('groups').values({ group_id: other, name: 'Other' }).execute();
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await world.publish('acme/probe', { version });
    id = await world.install('acme/probe', '1.0.0');
    await readNotices(world.deps);
  });
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  const admin = () => ({ groupId: world.groupId, name: 'user:ada' });
  const update = async (version: string) => {
    const release = await world.deps.client.detail('acme/probe', version);
    const { digest: consent } = consentOf(release!.manifest);
    return updateInstallation(world.deps, admin(), id, { version, consent, secrets: {} });
  };
  const refusal = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'taken',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  const present = () => openNotices(world.store.db, world.groupId);

  it('is none while only members come and go', async () => {
    await setMember(world.registry, 'acme', 'user:mia', 'member', 'user:ann');
    await readNotices(world.deps);
    expect(await present()).toEqual([]);
    expect(await refusal(update('1.1.0'))).toBe('taken');
  });

  it('is told to the groups that have something of them, and holds updates until an admin agrees', async () => {
    const { db } = world.store;
    const heard: string[] = [];
    world.deps.hub.subscribe(world.groupId, (topics) => heard.push(...topics));
    await transferNamespace(world.registry, 'acme', 'user:buyer', 'user:ann');
    const watch = watchRevocations({ ...world.deps, log: { warn: () => undefined }, everyMs: 20 });
    await expect.poll(async () => (await present()).length, { timeout: 30_000 }).toBe(1);
    await watch.stop();
    const [notice] = await present();
    expect(notice).toMatchObject({
      namespace: 'acme',
      kind: 'owners-changed',
      details: { by: 'user:ann', before: ['user:ann'], after: ['user:buyer'], why: 'transfer' },
    });
    expect(heard).toContain('installations');
    expect(await openNotices(db, other)).toEqual([]);
    const written = await db
      .selectFrom('audit_log')
      .selectAll()
      .where('action', '=', 'publisher.owners-changed')
      .execute();
    expect(written).toMatchObject([{ group_id: world.groupId, target: 'acme', details: { after: ['user:buyer'] } }]);

    expect(await refusal(update('1.2.0'))).toBe(
      'PUBLISHER_CHANGED: "acme" has other owners. An admin of this group has to agree to that first.',
    );
    const row = await db.selectFrom('installations').select(['version', 'state']).executeTakeFirstOrThrow();
    expect(row).toEqual({ version: '1.1.0', state: 'enabled' });
    // The way back is open: that version was agreed to when its publisher was known.
    await rollBackInstallation(world.deps, admin(), id, undefined);
    await expect(
      agreeToPublisher(world.deps, { ...admin(), groupId: other }, 'acme', notice!.seq),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(agreeToPublisher(world.deps, admin(), 'acme', notice!.seq - 1)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await agreeToPublisher(world.deps, admin(), 'acme', notice!.seq);
    expect(await present()).toEqual([]);
    expect(await refusal(update('1.2.0'))).toBe('taken');
    await readNotices(world.deps);
    expect(await present()).toEqual([]);
  });

  it('is also one whose lost key was replaced', async () => {
    const { registry } = world;
    const key = generateSigningKey();
    await reportLostKey(registry, 'acme', key.publicKey, 'It is gone.', 'user:buyer');
    const [request] = await openRequests(registry);
    await decideRequest(registry, request!.id, { grant: true, reason: 'Seen.', versions: 'keep' }, 'user:root');
    await readNotices(world.deps);
    expect(await present()).toMatchObject([
      { kind: 'key-lost', details: { keyId: key.id, replaced: [world.author.id], versions: 'keep' } },
    ]);
    expect(await refusal(update('1.1.0'))).toContain('does not vouch for');
  });

  it('is not hidden by a log that leaves something out, changes it, or ends before its head', async () => {
    const honest = directRequest(world.registry);
    const head = await honest('GET', '/api/registry/log/head');
    await transferNamespace(world.registry, 'acme', 'user:third', 'user:buyer');
    await setMember(world.registry, 'acme', 'user:mia', 'owner', 'user:third');
    const told = async (change: (items: { entry: string }[]) => object[]) => {
      world.wire.request = async (method, path) => {
        const answer = await honest(method, path);
        if (!path.includes('/log?')) return answer;
        const page = JSON.parse(Buffer.from(answer.body).toString()) as { items: { entry: string }[] };
        return { ...answer, body: Buffer.from(JSON.stringify({ ...page, items: change(page.items) })) };
      };
      const said = await refusal(readNotices(world.deps));
      world.wire.request = honest;
      return said;
    };
    const before = (await present()).length;
    expect(await told((items) => items.slice(1))).toContain('does not follow from what this host has read');
    expect(await told(() => [])).toContain('it ends before the head');
    expect(
      await told((items) => items.map((item) => ({ ...item, entry: item.entry.replace('user:third', 'user:ann') }))),
    ).toContain('CATALOGUE_INVALID: The registry’s decision log is refused');
    await world.deps.client.detail('acme/probe');
    world.wire.request = async (method, path) => (path.endsWith('/log/head') ? head : honest(method, path));
    expect(await refusal(readNotices(world.deps))).toContain('it is an older one');
    world.wire.request = honest;
    expect(await present()).toHaveLength(before);
    await readNotices(world.deps);
    expect(await present()).toHaveLength(before + 2);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { yankVersion } from '@patchbay/registry/catalogue/yank';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { bootstrapPolicy, recordPolicy } from '@patchbay/registry/publish/policies';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage } from '../../../test/support/plugin-packages.ts';
import { ApiError } from '../api/api-error.ts';
import { removeInstallation } from './change-installation.ts';
import { askForEarlyUpdate, confirmEarlyUpdate } from './early-updates.ts';
import { installPlugin } from './install-plugin.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';
import { showInstallations } from './show-installation.ts';
import { eligibleAt } from './update-cooldown.ts';
import { rollBackInstallation, updateInstallation } from './update-installation.ts';

const HOUR_MS = 60 * 60 * 1000;
const plugin = 'acme/probe';

it('counts from the signed time, by the policy that approved or else by the host', () => {
  const approval = { id: plugin, version: '1.0.0', approvedAt: '2026-03-01T10:00:00.000Z' } as const;
  const at = (iso: string) => new Date(`2026-03-${iso}.000Z`);
  expect(eligibleAt(approval, 24, at('02T09:59:59'))).toEqual(at('02T10:00:00'));
  expect(eligibleAt(approval, 24, at('02T10:00:00'))).toBeNull();
  expect(eligibleAt(approval, 0, at('01T10:00:00'))).toBeNull();
  expect(eligibleAt({ ...approval, cooldownSeconds: 60 }, 24, at('01T10:00:00'))).toEqual(at('01T10:01:00'));
  // The registry's clock is ahead.
  expect(eligibleAt({ ...approval, cooldownSeconds: 0 }, 24, at('01T09:00:00'))).toBeNull();
  expect(() => eligibleAt({ ...approval, approvedAt: 'soon' }, 24)).toThrow(ApiError);
});

eachDatabase('a version that was approved only recently', (newDatabase) => {
  const checkTools = keptCheckTools();
  let world: RegistryAndGroup;
  let id: InstallationId;
  let approvedAt = 0;

  /** Publishes as if it had been some time ago. */
  const published = async (hoursAgo: number, publish: () => Promise<unknown>) => {
    const at = new Date(Date.now() - hoursAgo * HOUR_MS);
    world.registry.now = () => at;
    await publish().finally(() => (world.registry.now = () => new Date()));
    return at.getTime();
  };
  const member = async (userId: string, role: 'owner' | 'admin' | 'member') =>
    world.store.db
      .insertInto('group_members')
      .values({ group_id: world.groupId, user_id: userId, role })
      .onConflict((conflict) => conflict.columns(['group_id', 'user_id']).doUpdateSet({ role }))
      .execute();
  const person = (userId: string | null, groupId: GroupId = world.groupId) => ({
    ...{ groupId, userId, name: userId === null ? 'token:tok_operator' : `user:${userId}` },
  });
  const update = async (version: string, of = plugin, target = id) => {
    const release = await world.deps.client.detail(of, version);
    const { digest: consent } = consentOf(release!.manifest);
    return updateInstallation(world.deps, person('ann'), target, { version, consent, secrets: {} });
  };
  const refusal = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => 'taken',
      (error: ApiError) => error,
    );
  const shown = async (of: InstallationId = id) => {
    const { db } = world.store;
    const rows = await db.selectFrom('installations').selectAll().where('installation_id', '=', of).execute();
    return (await showInstallations(world.deps, world.groupId, rows))[0];
  };
  const audited = async () => {
    const rows = await world.store.db
      .selectFrom('audit_log')
      .select(['action', 'actor', 'details'])
      .where('target', '=', id)
      .orderBy('audit_id')
      .execute();
    return rows.filter(({ action }) => action.startsWith('installation.early-update'));
  };
  const early = { version: '1.2.0', reason: 'It mends a hole that is being used.' };

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
    await published(72, () => world.publish(plugin));
    await published(25, () => world.publish(plugin, { version: '1.1.0' }));
    approvedAt = await published(10, () => world.publish(plugin, { version: '1.2.0' }));
    id = await world.install(plugin, '1.0.0');
    await member('ann', 'admin');
    await member('bob', 'owner');
  });
  beforeEach(() => (world.deps.cooldownHours = 24));
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  it('is no update yet, and says when it will be one', async () => {
    const eligible = new Date(approvedAt + 24 * HOUR_MS).toISOString();
    const error = await refusal(update('1.2.0'));
    expect(error).toMatchObject({
      code: 'UPDATE_TOO_NEW',
      status: 409,
      details: [{ path: 'eligibleAt', message: eligible }],
    });
    expect((error as ApiError).message).toContain(eligible);
    expect(await shown()).toMatchObject({
      version: '1.0.0',
      updateAvailable: '1.1.0',
      heldUpdate: { version: '1.2.0', eligibleAt: eligible, early: null },
    });
  });

  it('does not hide an older one whose time has come, of those that are on offer', async () => {
    const manifest = { version: '2.0.0', integrationType: 'layers' };
    for (const [version, hoursAgo] of [
      ['1.0.0', 90],
      ['1.1.0', 80],
      ['1.2.0', 70],
      ['1.3.0', 60],
      ['1.4.0-rc.1', 50],
      ['1.5.0', 2],
      ['2.0.0', 1],
    ] as const)
      await published(hoursAgo, () => world.publish('acme/layers', { ...manifest, version }));
    await yankVersion(world.registry, 'acme/layers', '1.3.0', 'It loses alerts.', 'user:ann');
    const layers = await world.install('acme/layers', '1.0.0');
    expect(await shown(layers)).toMatchObject({ updateAvailable: '1.2.0', heldUpdate: { version: '2.0.0' } });
    expect(await refusal(update('1.2.0', 'acme/layers', layers))).toBe('taken');
    expect(await shown(layers)).toMatchObject({ updateAvailable: null, heldUpdate: { version: '2.0.0' } });
    // The older of the held ones is what two persons agreed to.
    const wanted = { ...early, version: '1.5.0' };
    await askForEarlyUpdate(world.deps, person('ann'), layers, wanted);
    await confirmEarlyUpdate(world.deps, person('bob'), layers, '1.5.0');
    expect(await shown(layers)).toMatchObject({
      updateAvailable: '1.5.0',
      heldUpdate: { version: '2.0.0', early: null },
    });
    expect(await refusal(update('1.5.0', 'acme/layers', layers))).toBe('taken');
    world.deps.cooldownHours = 0;
    expect(await shown(layers)).toMatchObject({ updateAvailable: '2.0.0', heldUpdate: null });
  });

  it('is held by the signed time, whatever else the catalogue says', async () => {
    const detail = await world.deps.client.detail(plugin, '1.2.0');
    const told = { ...detail!, publishedAt: '2020-01-01T00:00:00.000Z' };
    const client = { ...world.deps.client, detail: () => Promise.resolve(told) };
    const { digest: consent } = consentOf(told.manifest);
    const input = { version: '1.2.0', consent, secrets: {} };
    const lied = updateInstallation({ ...world.deps, client }, person('ann'), id, input);
    expect(await refusal(lied)).toMatchObject({ code: 'UPDATE_TOO_NEW' });
    const approval = JSON.parse(Buffer.from(told.registry.envelope.payload, 'base64').toString());
    const forged = signStatement('approval', { ...approval, approvedAt: told.publishedAt }, world.author);
    const forger = {
      ...world.deps.client,
      detail: () => Promise.resolve({ ...told, registry: { ...told.registry, envelope: forged } }),
    };
    expect(
      await refusal(updateInstallation({ ...world.deps, client: forger }, person('ann'), id, input)),
    ).toMatchObject({ code: 'PACKAGE_TAMPERED' });
  });

  it('can be installed for the first time, and is taken as an update when its time has come', async () => {
    world.deps.cooldownHours = 10;
    expect(await shown()).toMatchObject({ updateAvailable: '1.2.0', heldUpdate: null });
    world.deps.cooldownHours = 24;
    expect(await refusal(update('1.1.0'))).toBe('taken');
    await published(0, () => world.publish('acme/second', { version: '3.0.0', integrationType: 'second' }));
    expect(await refusal(world.install('acme/second', '3.0.0'))).toBe('taken');
  });

  it('is taken at once by a host that holds none, and going back to it is never held', async () => {
    world.deps.cooldownHours = 0;
    expect(await refusal(update('1.2.0'))).toBe('taken');
    await published(0, () => world.publish(plugin, { version: '1.3.0' }));
    expect(await refusal(update('1.3.0'))).toBe('taken');
    world.deps.cooldownHours = 24;
    expect(await refusal(rollBackInstallation(world.deps, person('ann'), id, undefined))).toBe('taken');
    expect(await shown()).toMatchObject({ version: '1.2.0', updateAvailable: null, heldUpdate: { version: '1.3.0' } });
  });

  it('goes early when two persons of the group agree, who are both written down', async () => {
    const held = { ...early, version: '1.3.0' };
    const ask = (userId: string | null) => refusal(askForEarlyUpdate(world.deps, person(userId), id, held));
    const confirm = (userId: string | null, group?: GroupId) =>
      refusal(confirmEarlyUpdate(world.deps, person(userId, group), id, '1.3.0'));
    expect(await confirm('bob')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ask(null)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ask('ann')).toBe('taken');
    expect(await ask('bob')).toMatchObject({ code: 'CONFLICT' });
    expect(await confirm('ann')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await confirm(null)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await confirm('bob', newId('group'))).toMatchObject({ code: 'NOT_FOUND' });
    await member('ann', 'member');
    expect(await confirm('bob')).toMatchObject({ code: 'FORBIDDEN' });
    await member('ann', 'admin');
    expect(await refusal(update('1.3.0'))).toMatchObject({ code: 'UPDATE_TOO_NEW' });
    expect(await shown()).toMatchObject({
      updateAvailable: null,
      heldUpdate: { version: '1.3.0', early: { reason: held.reason, askedBy: 'user:ann', confirmedBy: null } },
    });
    expect(await confirm('bob')).toBe('taken');
    expect(await confirm('bob')).toMatchObject({ code: 'CONFLICT' });
    expect(await shown()).toMatchObject({ updateAvailable: '1.3.0', heldUpdate: null });
    expect(await audited()).toMatchObject([
      {
        action: 'installation.early-update.ask',
        actor: 'user:ann',
        details: { version: '1.3.0', reason: held.reason },
      },
      { action: 'installation.early-update.confirm', actor: 'user:bob', details: { askedBy: 'user:ann' } },
    ]);
    // The agreement is to the package that was looked at.
    await world.store.db
      .updateTable('early_updates')
      .set({ package_sha256: 'f'.repeat(64) })
      .execute();
    expect(await refusal(update('1.3.0'))).toMatchObject({ code: 'UPDATE_TOO_NEW' });
    expect(await shown()).toMatchObject({ updateAvailable: null, heldUpdate: { early: { confirmedBy: 'user:bob' } } });
    const { sha256 } = (await world.deps.client.detail(plugin, '1.3.0'))!;
    await world.store.db.updateTable('early_updates').set({ package_sha256: sha256 }).execute();
    expect(await refusal(update('1.3.0'))).toBe('taken');
  });

  it('is held also for who removes the plugin to install it anew, or installs it a second time', async () => {
    const name = 'acme/again';
    const own = { integrationType: 'again' };
    await published(72, () => world.publish(name, own));
    await published(50, () => world.publish(name, { ...own, version: '1.1.0' }));
    const at = await published(10, () => world.publish(name, { ...own, version: '1.2.0' }));
    const eligible = new Date(at + 24 * HOUR_MS).toISOString();
    const held = { code: 'UPDATE_TOO_NEW', details: [{ path: 'eligibleAt', message: eligible }] };
    const first = await world.install(name, '1.0.0');
    const remove = (one: InstallationId) => removeInstallation(world.deps, person('ann'), one);
    const removedAgo = async (hours: number) =>
      world.store.db
        .updateTable('installations')
        .set({ removed_at: new Date(Date.now() - hours * HOUR_MS) })
        .where('plugin_id', '=', name)
        .execute();

    expect(await refusal(world.install(name, '1.2.0'))).toMatchObject(held);
    await remove(first);
    expect(await refusal(world.install(name, '1.2.0'))).toMatchObject(held);
    await removedAgo(23);
    expect(await refusal(world.install(name, '1.2.0'))).toMatchObject(held);
    // Another group has had nothing that it would replace.
    const elsewhere = newId('group');
    await world.store.db.insertInto('groups').values({ group_id: elsewhere, name: 'Second' }).execute();
    const { digest: consent } = consentOf((await world.deps.client.detail(name, '1.2.0'))!.manifest);
    const input = { plugin: name, version: '1.2.0', environment: 'production', consent } as const;
    const there = installPlugin(
      world.deps,
      { groupId: elsewhere, name: 'user:eve' },
      { ...input, configuration: {}, secrets: {} },
    );
    expect(await refusal(there)).toBe('taken');
    // What is old enough may come again at once.
    await remove(await world.install(name, '1.1.0'));
    await removedAgo(25);
    const again = await world.install(name, '1.2.0');
    // It is what ran here before.
    await remove(again);
    expect(await refusal(world.install(name, '1.2.0'))).toBe('taken');
  });

  it('is held no longer than the recorded policy says that approved it, and only then', async () => {
    await recordPolicy(world.registry, bootstrapPolicy, 'system:test');
    const byPolicy = { name: 'policy:bootstrap', policy: 'bootstrap' };
    const first = { integrationType: 'first' };
    for (const version of ['1.0.0', '1.1.0'])
      expect(
        await world.submit(await makePackage('patchbay/probe', { ...first, version }), world.author, byPolicy),
      ).toMatchObject({ ok: true, state: 'published' });
    const own = await world.install('patchbay/probe', '1.0.0');
    expect(await shown(own)).toMatchObject({ updateAvailable: '1.1.0', heldUpdate: null });
    expect(await refusal(update('1.1.0', 'patchbay/probe', own))).toBe('taken');
    const logged = await world.registry.db.selectFrom('registry_log').select('entry').execute();
    expect(JSON.stringify(logged)).toContain('\\"cooldownSeconds\\":0');
    // The same publisher, approved by a person.
    const made = await makePackage('patchbay/probe', { ...first, version: '1.2.0' });
    const outcome = await world.submit(made, world.author, { name: 'policy:bootstrap' });
    if (!outcome.ok) throw new Error(outcome.message);
    await approveSubmission(world.registry, outcome.submissionId, 'user:rita');
    expect(await refusal(update('1.2.0', 'patchbay/probe', own))).toMatchObject({ code: 'UPDATE_TOO_NEW' });
  });
});

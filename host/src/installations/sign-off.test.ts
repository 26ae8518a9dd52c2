import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviewLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { previewRevocation, revokeVersions } from '@patchbay/registry/catalogue/revoke';
import { confirmSignOff, listSignOffs, withdrawSignOff } from '@patchbay/registry/catalogue/sign-offs';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import type { Registry } from '@patchbay/registry/registry';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { changeInstallation } from './change-installation.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';
import { presentRevocations } from './revocation-list.ts';
import { carryOut } from './revocation-watch.ts';

const LIMIT = reviewLimits.loneRevocationInstalls;
const reason = 'It sends alerts to strangers.';

eachDatabase('a hard revocation of many installations', (newDatabase) => {
  const checkTools = keptCheckTools();
  let world: RegistryAndGroup;
  let registry: Registry;

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
    ({ registry } = world);
  });
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  /** A version that so many have elsewhere, by what their hosts have said. */
  const spread = async (plugin: string, installs: number, version = '1.0.0') => {
    await world.publish(plugin, { version });
    const row = { plugin_id: plugin, version, installs };
    await registry.db.insertInto('registry_installs').values(row).execute();
  };
  const ask = (plugin: string, by = 'user:rita', range = '*', kind: 'hard' | 'soft' = 'hard') =>
    revokeVersions(registry, { plugin, range, kind, reason }, by);
  const preview = (plugin: string, by = 'user:rita') => previewRevocation(registry, { plugin, range: '*' }, by);
  const asked = async (plugin: string, by?: string, range?: string): Promise<string> => {
    const outcome = await ask(plugin, by, range);
    if (!outcome.ok || outcome.signOff === undefined)
      throw new Error(`It waits for nobody: ${JSON.stringify(outcome)}`);
    return outcome.signOff.id;
  };
  const marks = (plugin: string) =>
    registry.db
      .selectFrom('registry_versions')
      .select(['version', 'revocation_kind as kind', 'revocation_reason as reason', 'revoked_by as by'])
      .where('plugin_id', '=', plugin)
      .orderBy('version')
      .execute();
  const decisions = async (plugin: string) => {
    const rows = await registry.db.selectFrom('registry_log').select('entry').orderBy('seq').execute();
    return rows
      .map(({ entry }) => JSON.parse(entry) as { actor: string; action: string; subject: string; details: object })
      .filter(({ action, subject }) => action.includes('revo') && subject.startsWith(`${plugin} `));
  };
  const stateOf = async (plugin: string) =>
    (await registry.db.selectFrom('registry_sign_offs').select('state').where('plugin_id', '=', plugin).execute()).map(
      ({ state }) => state,
    );
  const waiting = async (plugin: string, reader = 'user:rob') =>
    (await listSignOffs(registry, reader)).filter((one) => one.plugin === plugin);
  const installed = (id: InstallationId) =>
    world.store.db.selectFrom('installations').selectAll().where('installation_id', '=', id).executeTakeFirstOrThrow();
  const reachHost = async () => carryOut(world.deps, await presentRevocations(world.deps));

  it('is carried out by one reviewer up to the limit, as ever', async () => {
    await spread('acme/small', LIMIT);
    expect(await preview('acme/small')).toMatchObject({ hardNeedsSignOff: false });
    expect(await ask('acme/small')).toEqual({ ok: true, revoked: ['1.0.0'] });
    expect(await marks('acme/small')).toMatchObject([{ kind: 'hard', reason, by: 'user:rita' }]);
    expect(await waiting('acme/small')).toEqual([]);
  });

  it('is soft at once, and hard when a second reviewer agrees', async () => {
    await spread('acme/wide', LIMIT);
    // The one too many.
    const id = await world.install('acme/wide');
    expect(await preview('acme/wide')).toMatchObject({
      hardNeedsSignOff: true,
      installs: LIMIT + 1,
    });
    const outcome = await ask('acme/wide');
    expect(outcome).toMatchObject({ ok: true, revoked: ['1.0.0'], signOff: { installs: LIMIT + 1, limit: LIMIT } });
    const signOff = outcome.ok ? (outcome.signOff?.id ?? '') : '';
    await expect(world.install('acme/wide', '1.0.0')).rejects.toMatchObject({ code: 'VERSION_UNAVAILABLE' });
    await reachHost();
    expect(await installed(id)).toMatchObject({ state: 'disabled' });
    // Whoever cannot do without it goes on, until somebody else agrees.
    const ada = { groupId: world.groupId, name: 'user:ada' };
    await changeInstallation(world.deps, ada, id, { state: 'enabled' });
    await reachHost();
    expect(await installed(id)).toMatchObject({ state: 'enabled' });

    expect(await waiting('acme/wide')).toMatchObject([
      { id: signOff, versions: ['1.0.0'], installs: LIMIT + 1, reason, askedBy: 'user:rita', mayNotConfirm: null },
    ]);
    expect((await waiting('acme/wide', 'user:rita'))[0]?.mayNotConfirm).toContain('yourself');
    expect(await confirmSignOff(registry, signOff, 'user:rita')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await confirmSignOff(registry, signOff, 'user:rob')).toEqual({ ok: true, revoked: ['1.0.0'] });
    await reachHost();
    expect(await installed(id)).toMatchObject({ state: 'quarantined' });
    await expect(changeInstallation(world.deps, ada, id, { state: 'enabled' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await waiting('acme/wide')).toEqual([]);
    expect(await decisions('acme/wide')).toMatchObject([
      { actor: 'user:rita', action: 'revocation.asked', details: { signOff, installs: LIMIT + 1, reason } },
      { actor: 'user:rita', action: 'version.revoked', details: { kind: 'soft', signOff, reason } },
      {
        actor: 'user:rob',
        action: 'version.revoked',
        details: { kind: 'hard', signOff, askedBy: 'user:rita', reason },
      },
    ]);
    expect(await firstBrokenEntry(registry.db, registry.key.publicKey)).toBeUndefined();
  });

  it('is confirmed once when two agree at the same time, and by nobody afterwards', async () => {
    await spread('acme/raced', LIMIT + 1);
    const id = await asked('acme/raced');
    const both = await Promise.all(['user:rob', 'user:root'].map((who) => confirmSignOff(registry, id, who)));
    expect(both.filter(({ ok }) => ok)).toEqual([{ ok: true, revoked: ['1.0.0'] }]);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ code: 'CONFLICT' });
    expect((await decisions('acme/raced')).map(({ action }) => action)).toEqual([
      'revocation.asked',
      'version.revoked',
      'version.revoked',
    ]);
    expect(await withdrawSignOff(registry, id, 'Too late.', 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    expect(await marks('acme/raced')).toMatchObject([{ kind: 'hard', by: expect.stringMatching(/^user:ro/) }]);
  });

  it('either becomes hard or is withdrawn when both are tried at the same time', async () => {
    await spread('acme/torn', LIMIT + 1);
    const id = await asked('acme/torn');
    const [confirmed, withdrawn] = await Promise.all([
      confirmSignOff(registry, id, 'user:rob'),
      withdrawSignOff(registry, id, 'A mistake.', 'user:rita'),
    ]);
    expect(confirmed.ok).not.toBe(withdrawn.ok);
    expect(await stateOf('acme/torn')).toEqual([confirmed.ok ? 'confirmed' : 'withdrawn']);
    expect(await marks('acme/torn')).toMatchObject([{ kind: confirmed.ok ? 'hard' : 'soft' }]);
  });

  it('is asked for once when two reviewers pull it at the same time', async () => {
    await spread('acme/twice', LIMIT + 1);
    const both = await Promise.all(['user:rita', 'user:rob'].map((who) => ask('acme/twice', who)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('confirm') });
    expect(await stateOf('acme/twice')).toEqual(['waiting']);
  });

  it('stays soft when it is withdrawn, and can be asked for again', async () => {
    await spread('acme/mistaken', LIMIT + 1);
    const id = await asked('acme/mistaken');
    // Whose plugin it is takes back nothing of it.
    expect(await withdrawSignOff(registry, id, 'It is fine.', 'user:ann')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await withdrawSignOff(registry, id, 'The wrong plugin.', 'user:rita')).toEqual({ ok: true });
    expect(await confirmSignOff(registry, id, 'user:rob')).toMatchObject({ code: 'CONFLICT' });
    expect(await marks('acme/mistaken')).toMatchObject([{ kind: 'soft' }]);
    expect((await decisions('acme/mistaken')).at(-1)).toMatchObject({
      action: 'revocation.withdrawn',
      details: { signOff: id, reason: 'The wrong plugin.' },
    });
    expect(await ask('acme/mistaken')).toMatchObject({ ok: true, revoked: [], signOff: { installs: LIMIT + 1 } });
    expect(await confirmSignOff(registry, 'no-such', 'user:rob')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('revokes hard only the versions that were there when it was asked for', async () => {
    await spread('acme/grown', LIMIT + 1);
    const first = await asked('acme/grown');
    await world.publish('acme/grown', { version: '1.1.0' });
    // The wider one is another: it is not kept from being asked for by the one that waits.
    expect(await ask('acme/grown')).toMatchObject({ ok: true, revoked: ['1.1.0'], signOff: {} });
    expect(await confirmSignOff(registry, first, 'user:rob')).toEqual({ ok: true, revoked: ['1.0.0'] });
    expect((await marks('acme/grown')).map(({ kind }) => kind)).toEqual(['hard', 'soft']);
    expect((await waiting('acme/grown')).map(({ versions }) => versions)).toEqual([['1.1.0', '1.0.0']]);
    // Few have what is left of it: one reviewer is enough, and nothing of it waits any more.
    expect(await ask('acme/grown')).toEqual({ ok: true, revoked: ['1.1.0'] });
    expect((await stateOf('acme/grown')).toSorted()).toEqual(['confirmed', 'overtaken']);
  });

  it('counts all versions of the range together, and not what is hard already', async () => {
    await spread('acme/parts', LIMIT, '1.0.0');
    await spread('acme/parts', LIMIT, '2.0.0');
    expect(await preview('acme/parts', 'user:rolf')).toMatchObject({ hardNeedsSignOff: true });
    expect(await ask('acme/parts', 'user:rolf', '1.0.0')).toEqual({ ok: true, revoked: ['1.0.0'] });
    expect(await preview('acme/parts', 'user:rex')).toMatchObject({
      hardNeedsSignOff: false,
      versions: [{ version: '2.0.0', revoked: null }, { revoked: 'hard' }],
    });
  });

  it('counts what the same reviewer stopped alone within a day, of whatever plugin', async () => {
    const at = new Date();
    registry.now = () => at;
    await spread('acme/slice-a', 30);
    await spread('acme/slice-b', LIMIT - 35);
    await spread('acme/slice-c', 6);
    await spread('acme/slice-d', 5);
    expect(await ask('acme/slice-a', 'user:sam')).toEqual({ ok: true, revoked: ['1.0.0'] });
    // Hosts leave what is revoked, and say so; it was stopped there all the same.
    await registry.db
      .updateTable('registry_installs')
      .set({ installs: 0 })
      .where('plugin_id', '=', 'acme/slice-a')
      .execute();
    expect(await ask('acme/slice-b', 'user:sam')).toEqual({ ok: true, revoked: ['1.0.0'] });
    const stoppedAlone = LIMIT - 5;
    expect(await preview('acme/slice-c', 'user:sam')).toMatchObject({ stoppedAlone, hardNeedsSignOff: true });
    expect(await preview('acme/slice-c', 'user:sid')).toMatchObject({ stoppedAlone: 0, hardNeedsSignOff: false });
    const outcome = await ask('acme/slice-c', 'user:sam');
    expect(outcome).toMatchObject({ ok: true, signOff: { installs: 6, stoppedAlone, limit: LIMIT } });
    expect((await decisions('acme/slice-c'))[0]).toMatchObject({ details: { installs: 6, stoppedAlone } });
    // What two persons decided is neither's own.
    const signOff = outcome.ok ? (outcome.signOff?.id ?? '') : '';
    expect(await confirmSignOff(registry, signOff, 'user:sid')).toMatchObject({ ok: true });
    expect(await preview('acme/slice-d', 'user:sid')).toMatchObject({ stoppedAlone: 0 });
    expect(await ask('acme/slice-d', 'user:sam')).toEqual({ ok: true, revoked: ['1.0.0'] });

    await spread('acme/slice-e', LIMIT);
    expect(await ask('acme/slice-e', 'user:sam', '*', 'soft')).toEqual({ ok: true, revoked: ['1.0.0'] });
    const after = (ms: number) => new Date(at.getTime() + ms);
    registry.now = () => after(reviewLimits.loneRevocationMs - 1);
    expect(await preview('acme/slice-e', 'user:sam')).toMatchObject({ stoppedAlone: LIMIT, hardNeedsSignOff: true });
    registry.now = () => after(reviewLimits.loneRevocationMs);
    expect(await preview('acme/slice-e', 'user:sam')).toMatchObject({ stoppedAlone: 0, hardNeedsSignOff: false });
    expect(await ask('acme/slice-e', 'user:sam')).toEqual({ ok: true, revoked: ['1.0.0'] });
    registry.now = () => new Date();
  });

  it('counts also what the same reviewer does at the same time', async () => {
    const parts = ['one', 'two', 'three', 'four'].map((name) => `acme/part-${name}`);
    for (const part of parts) await spread(part, LIMIT / 2);
    const all = await Promise.all(parts.map((part) => ask(part, 'user:sue')));
    expect(all.filter((one) => one.ok && one.signOff === undefined)).toHaveLength(2);
    expect(all.filter((one) => one.ok && one.signOff?.stoppedAlone === LIMIT)).toHaveLength(2);
  });

  it('leaves nothing half done when the registry dies between its steps', async () => {
    await spread('acme/halved', LIMIT + 1);
    const dying = dyingAtTheLog();
    await expect(
      revokeVersions(dying, { plugin: 'acme/halved', range: '*', kind: 'hard', reason }, 'user:rita'),
    ).rejects.toThrow('power cut');
    expect(await stateOf('acme/halved')).toEqual([]);
    expect(await marks('acme/halved')).toMatchObject([{ kind: null }]);
    const id = await asked('acme/halved');
    await expect(confirmSignOff(dying, id, 'user:rob')).rejects.toThrow('power cut');
    await expect(withdrawSignOff(dying, id, 'A mistake.', 'user:rob')).rejects.toThrow('power cut');
    expect(await stateOf('acme/halved')).toEqual(['waiting']);
    expect(await marks('acme/halved')).toMatchObject([{ kind: 'soft' }]);
    expect(await confirmSignOff(registry, id, 'user:rob')).toEqual({ ok: true, revoked: ['1.0.0'] });
  });

  /** A registry that ends at the last step of each decision, when everything else is written. */
  function dyingAtTheLog(): Registry {
    const db = registry.db.withPlugin({
      transformQuery({ node }) {
        if (node.kind === 'UpdateQueryNode' && JSON.stringify(node).includes('registry_log_head'))
          throw new Error('power cut');
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    });
    return { ...registry, db };
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { writeArchive } from '@patchbay/plugin-sdk/package/write-archive';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { revokeVersions } from '@patchbay/registry/catalogue/revoke';
import { confirmSignOff } from '@patchbay/registry/catalogue/sign-offs';
import { yankVersion } from '@patchbay/registry/catalogue/yank';
import { transferNamespace } from '@patchbay/registry/namespaces/change-members';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { resumeStuckChecks } from '@patchbay/registry/publish/check-watchdog';
import { bootstrapPolicy, recordPolicy } from '@patchbay/registry/publish/policies';
import type { PublishOutcome } from '@patchbay/registry/publish/publish-package';
import { findSubmission } from '@patchbay/registry/publish/submissions';
import type { Registry } from '@patchbay/registry/registry';
import { addBadDigest } from '@patchbay/registry/review/bad-digests';
import { checkPublishedAgain } from '@patchbay/registry/review/check-again';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { makePackage, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { changeInstallation } from './change-installation.ts';
import { readNotices } from './publisher-notices.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';
import { carryOut } from './revocation-watch.ts';
import { presentRevocations } from './revocation-list.ts';
import { updateInstallation } from './update-installation.ts';

/**
 * What was done to other marketplaces, done to this one: each test is one known attack, and ends where it is stopped.
 */
describe('an attack on a marketplace', () => {
  const newDatabase = pgliteDatabases();
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

  const checksThatFail = (outcome: PublishOutcome): string[] =>
    (outcome.ok ? outcome : outcome.report)?.checks
      .flatMap(({ findings }) => findings)
      .filter(({ level }) => level === 'error')
      .map(({ rule }) => rule) ?? [];
  const idOf = (outcome: PublishOutcome): string => (outcome.ok ? outcome : outcome.report)?.submissionId ?? '';
  const live = async (plugin: string) => (await world.deps.client.detail(plugin))?.version;
  const withFiles = async (made: TestPackage, changes: Record<string, string | Uint8Array>): Promise<TestPackage> => {
    const files = new Map(made.files);
    for (const [path, content] of Object.entries(changes)) files.set(path, Buffer.from(content));
    const bytes = await writeArchive(files);
    return { ...made, files, bytes, sha256: sha256(bytes), moduleSha256: sha256(files.get('module.wasm') ?? '') };
  };

  it('a scanner that is switched off, or falls over in a flood, passes nothing', async () => {
    const made = await makePackage('acme/unscanned');
    const tools = registry.checkTools;
    const now = registry.now();
    try {
      for (const broken of [{}, { reproduce: () => Promise.reject(new Error('the pool is empty')) }]) {
        registry.checkTools = broken as unknown as Registry['checkTools'];
        const outcome = await world.submit(made);
        expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_INCOMPLETE', report: { state: 'checking' } });
        // The road that repairs what got stuck is the same one: it passes nothing either.
        registry.now = () => new Date(now.getTime() + 60 * 60 * 1000);
        await resumeStuckChecks(registry);
        expect((await findSubmission(registry.db, idOf(outcome))).state).toBe('checking');
        expect(await approveSubmission(registry, idOf(outcome), 'user:rita')).toMatchObject({ code: 'CONFLICT' });
      }
    } finally {
      registry.checkTools = tools;
      registry.now = () => new Date();
    }
    expect(await live('acme/unscanned')).toBeUndefined();
  });

  it('a token stolen from an author publishes nothing: it has no key, and approves nothing of its own', async () => {
    await world.publish('acme/console');
    const rogue = await makePackage('acme/console', { version: '18.95.0' });
    expect(await world.submit(rogue, generateSigningKey())).toMatchObject({ code: 'SIGNING_KEY_UNKNOWN' });
    // With the key as well, it waits for somebody outside the namespace.
    const outcome = await world.submit(rogue);
    expect(outcome).toMatchObject({ ok: true, state: 'in_review' });
    expect(await approveSubmission(registry, idOf(outcome), 'user:ann')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await live('acme/console')).toBe('1.0.0');
    // The number that leaps is pointed out to the reviewer.
    const warnings = outcome.ok ? outcome.checks.flatMap(({ findings }) => findings) : [];
    expect(warnings).toMatchObject([{ rule: 'difference.numbering', level: 'warning' }]);
  });

  it('a release past the official pipeline is not what its sources give', async () => {
    const made = await makePackage('acme/pipeline');
    const module = Buffer.from(made.files.get('module.wasm') ?? '');
    module.write('X', module.indexOf('Expected {alert'));
    const outcome = await world.submit(await withFiles(made, { 'module.wasm': module }));
    expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_FAILED', report: { state: 'rejected' } });
    expect(checksThatFail(outcome)).toEqual(['reproduction.different']);
  });

  it('code in letters that nobody sees is refused', async () => {
    const made = await makePackage('acme/unseen');
    const outcome = await world.submit(await withFiles(made, { 'README.md': `# Unseen\n\u{e0041}\u{e0042}\u202e\n` }));
    expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_FAILED' });
    expect(new Set(checksThatFail(outcome))).toEqual(new Set(['text.invisible']));
  });

  it('a sleeper that was clean when it was published is held as soon as it is known', async () => {
    const made = await world.publish('acme/sleeper');
    const readme = sha256(made.files.get('README.md') ?? '');
    await addBadDigest(registry, readme, 'The marker of a campaign.', 'user:root');
    registry.now = () => new Date(Date.now() + 25 * 60 * 60 * 1000);
    await checkPublishedAgain(registry);
    registry.now = () => new Date();
    expect(await live('acme/sleeper')).toBeUndefined();
    // Its next version with the same file does not come in at all.
    const next = await world.submit(await makePackage('acme/sleeper', { version: '1.0.1' }));
    expect(checksThatFail(next)).toEqual(['known-bad.digest']);
  });

  it('a plugin that was sold reaches nobody before they know of the sale and agree', async () => {
    for (const version of ['1.0.0', '1.1.0']) await world.publish('sold/probe', { version });
    const id = await world.install('sold/probe', '1.0.0');
    await readNotices(world.deps);
    await transferNamespace(registry, 'sold', 'user:buyer', 'user:ann');
    await readNotices(world.deps);
    const { digest: consent } = consentOf((await world.deps.client.detail('sold/probe'))!.manifest);
    const by = { groupId: world.groupId, name: 'user:ada' };
    await expect(
      updateInstallation(world.deps, by, id, { version: '1.1.0', consent, secrets: {} }),
    ).rejects.toMatchObject({ code: 'PUBLISHER_CHANGED' });
  });

  it('a thief of secrets that a tired reviewer would have let through does not come to the review', async () => {
    // The module can make requests; the manifest that operators read says that it cannot.
    const loud = await makePackage('acme/thief', {}, 'connector');
    const quiet = await makePackage('acme/thief');
    const module = loud.files.get('module.wasm') ?? '';
    const outcome = await world.submit(await withFiles(quiet, { 'module.wasm': module }));
    expect(outcome).toMatchObject({ ok: false, report: { state: 'rejected' } });
    expect(checksThatFail(outcome)).toContain('module.permissions');
    expect(await approveSubmission(registry, idOf(outcome), 'user:rita')).toMatchObject({ code: 'CONFLICT' });
  });

  it('a worm with the tokens of a developer’s machine gets no further than one namespace and its review', async () => {
    await world.publish('acme/victim');
    const worm = { name: 'user:ann', claims: true, onlyNamespace: 'acme' };
    expect(await world.submit(await makePackage('sold/probe', { version: '2.0.0' }), world.author, worm)).toMatchObject(
      {
        code: 'NAMESPACE_FORBIDDEN',
      },
    );
    expect(await world.submit(await makePackage('fresh/worm'), world.author, worm)).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    const spread = await makePackage('acme/victim', { version: '1.0.1' });
    expect(await world.submit(spread, generateSigningKey(), worm)).toMatchObject({ code: 'SIGNING_KEY_UNKNOWN' });
    expect(await world.submit(spread, world.author, worm)).toMatchObject({ ok: true, state: 'in_review' });
    expect(await live('acme/victim')).toBe('1.0.0');
  });

  it('an impostor whose name looks like one that many have is refused, not only reported', async () => {
    await recordPolicy(registry, bootstrapPolicy, 'user:root');
    const own = { name: `policy:${bootstrapPolicy.id}`, policy: bootstrapPolicy.id };
    const first = await world.submit(await makePackage('patchbay/probe'), world.author, own);
    expect(first).toMatchObject({ ok: true, state: 'published' });
    for (const impostor of ['patchbey/probe', 'patch-bay/probe', 'patchbay0/probe']) {
      const outcome = await world.submit(await makePackage(impostor));
      expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_FAILED' });
      expect(checksThatFail(outcome)).toEqual(['name.similar']);
    }
  });

  it('a kill switch pulled on a doubtful plugin says why, and leaves those who need it a way back', async () => {
    await world.publish('acme/doubtful');
    const id = await world.install('acme/doubtful');
    const order = { plugin: 'acme/doubtful', range: '*', kind: 'soft', reason: 'Its origin is not clear.' } as const;
    expect(await revokeVersions(registry, order, 'user:rita')).toMatchObject({ ok: true });
    await carryOut(world.deps, await presentRevocations(world.deps));
    const row = () =>
      world.store.db
        .selectFrom('installations')
        .selectAll()
        .where('installation_id', '=', id)
        .executeTakeFirstOrThrow();
    expect(await row()).toMatchObject({ state: 'disabled' });
    const said = await world.store.db.selectFrom('audit_log').select('details').where('target', '=', id).execute();
    expect(JSON.stringify(said)).toContain(order.reason);
    await changeInstallation(world.deps, { groupId: world.groupId, name: 'user:ada' }, id, { state: 'enabled' });
    await carryOut(world.deps, await presentRevocations(world.deps));
    expect(await row()).toMatchObject({ state: 'enabled' });
  });

  it('a kill switch pulled hard by one person on what many use is not final before a second one agrees', async () => {
    await world.publish('acme/beloved');
    const many = { plugin_id: 'acme/beloved', version: '1.0.0', installs: 119 };
    await registry.db.insertInto('registry_installs').values(many).execute();
    const id = await world.install('acme/beloved');
    const order = { plugin: 'acme/beloved', range: '*', kind: 'hard', reason: 'Its origin is not clear.' } as const;
    const outcome = await revokeVersions(registry, order, 'user:rita');
    expect(outcome).toMatchObject({ ok: true, signOff: { installs: 120 } });
    await carryOut(world.deps, await presentRevocations(world.deps));
    await expect(world.install('acme/beloved', '1.0.0')).rejects.toMatchObject({ code: 'VERSION_UNAVAILABLE' });
    // Who needs it has a way back, which one reviewer cannot take: not as themselves, and not by asking again.
    await changeInstallation(world.deps, { groupId: world.groupId, name: 'user:ada' }, id, { state: 'enabled' });
    const signOff = outcome.ok ? (outcome.signOff?.id ?? '') : '';
    expect(await confirmSignOff(registry, signOff, 'user:rita')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await revokeVersions(registry, order, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    await carryOut(world.deps, await presentRevocations(world.deps));
    const state = async () =>
      (
        await world.store.db
          .selectFrom('installations')
          .select('state')
          .where('installation_id', '=', id)
          .executeTakeFirstOrThrow()
      ).state;
    expect(await state()).toBe('enabled');
    expect(await confirmSignOff(registry, signOff, 'user:rob')).toMatchObject({ ok: true });
    await carryOut(world.deps, await presentRevocations(world.deps));
    expect(await state()).toBe('quarantined');
  });

  it('an author who takes everything back breaks nothing: it is still there for those who have it', async () => {
    const made = await world.publish('acme/left-pad');
    expect(await yankVersion(registry, 'acme/left-pad', '1.0.0', 'Enough.', 'user:ann')).toEqual({ ok: true });
    expect(await live('acme/left-pad')).toBeUndefined();
    const release = await world.deps.client.detail('acme/left-pad', '1.0.0');
    expect(release).toMatchObject({ state: 'yanked', reason: 'Enough.' });
    expect((await registry.blobs.get(made.sha256))?.equals(made.bytes)).toBe(true);
    // Nor does the number come to stand for something else.
    const other = await makePackage('acme/left-pad', { summary: 'Something else entirely.' });
    expect(await world.submit(other)).toMatchObject({ code: 'VERSION_EXISTS' });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { repeatedChecks, type CheckName } from '@patchbay/plugin-sdk/checks/check-result';
import type { CheckTools } from '@patchbay/plugin-sdk/checks/check-package';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { writeArchive } from '@patchbay/plugin-sdk/package/write-archive';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { createTurns } from '@patchbay/registry/publish/check-turns';
import type { Registry } from '@patchbay/registry/registry';
import { addBadDigest, removeBadDigest } from '@patchbay/registry/review/bad-digests';
import { checkPublishedAgain } from '@patchbay/registry/review/check-again';
import { setCheckPolicy, type CheckPolicy } from '@patchbay/registry/review/check-policies';
import { claimDueVersion } from '@patchbay/registry/review/due-versions';
import { listHeld } from '@patchbay/registry/review/list-held';
import { releaseHeld } from '@patchbay/registry/review/release-held';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const PLUGIN = 'acme/again';
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

eachDatabase('what is published', (newDatabase) => {
  const tools = keptCheckTools();
  let world: RegistryAndGroup;
  let registry: Registry;
  let made: TestPackage;
  let loud: TestPackage;
  /** The registry's clock, which a test moves. */
  let clock: Date;

  beforeAll(async () => {
    clock = new Date();
    world = await openRegistryAndGroup(await newDatabase(), tools);
    ({ registry } = world);
    registry.now = () => clock;
    made = await world.publish(PLUGIN);
    loud = await makePackage('acme/loud', {}, 'connector');
  });
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  const later = (ms: number): void => {
    clock = new Date(clock.getTime() + ms);
  };
  const inADay = (of: Registry = registry) => {
    later(DAY_MS);
    return checkPublishedAgain(of);
  };
  const withTools = (changed: Partial<CheckTools>): Registry => ({
    ...registry,
    checkTools: { ...registry.checkTools, ...changed },
  });
  const noSandbox = { runIngest: () => Promise.reject(new Error('no sandbox')) };
  const row = () =>
    registry.db.selectFrom('registry_versions').selectAll().where('plugin_id', '=', PLUGIN).executeTakeFirstOrThrow();
  const compiledBy = (compiler_sha256: string | null) =>
    registry.db.updateTable('registry_versions').set({ compiler_sha256 }).where('plugin_id', '=', PLUGIN).execute();
  const set = (name: CheckName, change: Partial<CheckPolicy>) =>
    setCheckPolicy(registry, name, { enabled: true, enforced: true, required: true, ...change }, 'user:root', 'Test.');
  /** As if the version had been published with these files, before a rule was there that they break. */
  const hadFiles = async (changes: Record<string, string | Uint8Array | undefined>): Promise<void> => {
    const files = new Map(made.files);
    for (const [path, content] of Object.entries(changes))
      if (content === undefined) files.delete(path);
      else files.set(path, Buffer.from(content));
    const bytes = await writeArchive(files);
    await registry.blobs.put(sha256(bytes), bytes);
    await registry.db
      .updateTable('registry_versions')
      .set({ package_sha256: sha256(bytes) })
      .where('plugin_id', '=', PLUGIN)
      .execute();
  };
  const manifestWith = (change: object): string =>
    JSON.stringify({ ...JSON.parse(Buffer.from(made.files.get('plugin.json') ?? '').toString()), ...change });

  /** Every test begins with a version that is clean, offered and checked just now. */
  beforeEach(async () => {
    await registry.db.deleteFrom('registry_check_policies').execute();
    await registry.db.deleteFrom('registry_waivers').execute();
    const present = { package_sha256: made.sha256, held_at: null, held_reason: null, held_findings: null };
    await registry.db
      .updateTable('registry_versions')
      .set({ ...present, rechecked_at: clock, recheck_after: null, recheck_attempts: 0, revoked_at: null })
      .where('plugin_id', '=', PLUGIN)
      .execute();
    await checkPublishedAgain(registry);
  });

  it('passes every check a day later, and is not checked twice a day', async () => {
    expect(await inADay()).toEqual({ held: [], undone: [] });
    expect(await row()).toMatchObject({ rechecked_at: clock, recheck_attempts: 0, held_at: null });
    expect(await claimDueVersion(registry)).toBeUndefined();
  });

  describe('is held by what is found of', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const broken: Record<string, () => Record<string, string | Uint8Array | undefined>> = {
      archive: () => ({ 'icon.svg': undefined }),
      manifest: () => ({ 'plugin.json': manifestWith({ version: 'one' }) }),
      imports: () => ({ 'module.wasm': loud.files.get('module.wasm') }),
      module: () => ({ 'module.wasm': loud.files.get('module.wasm') }),
      'host-api': () => ({ 'plugin.json': manifestWith({ hostApi: '^9.0.0' }) }),
      secrets: () => ({ 'README.md': `# Again\n\n${TOKEN}\n` }),
      text: () => ({ 'README.md': 'if admin \u202e} else {' }),
      icon: () => ({ 'icon.svg': svg }),
      readme: () => ({ 'README.md': '<iframe src="https://a.test"></iframe>' }),
      fixtures: () => ({ 'fixtures/firing.json': '{}' }),
      reproduction: () => {
        const module = Buffer.from(made.files.get('module.wasm') ?? '');
        module.write('X', module.indexOf('Expected {alert'));
        return { 'module.wasm': module };
      },
      licence: () => ({ 'plugin.json': manifestWith({ licence: 'as on the web page' }) }),
      'known-bad': () => ({ LICENSE: 'a backdoor' }),
    };

    it('every check that is made again', () => {
      expect(Object.keys(broken)).toEqual(repeatedChecks);
    });

    it.each(Object.keys(broken))('%s', async (name) => {
      await hadFiles(broken[name]?.() ?? {});
      const digest = sha256('a backdoor');
      if (name === 'known-bad') await addBadDigest(registry, digest, 'a backdoor', 'user:root');
      const { held, undone } = await inADay();
      await removeBadDigest(registry, digest, 'user:root');
      expect({ held, undone }).toEqual({ held: [`${PLUGIN} 1.0.0`], undone: [] });
      expect((await row()).held_reason).toMatch(new RegExp(`(^| )${name}: `));
      expect((await world.deps.client.detail(PLUGIN, '1.0.0'))?.state).toBe('held');
    });
  });

  it('is not held by a check that is switched off, or whose findings are only shown', async () => {
    await hadFiles({ 'README.md': `# Again\n\n${TOKEN}\n` });
    await set('secrets', { enabled: false, required: false });
    expect(await inADay()).toEqual({ held: [], undone: [] });
    await set('secrets', { enforced: false });
    expect(await inADay()).toEqual({ held: [], undone: [] });
    // Once its findings count, nobody waits for the next day.
    await set('secrets', {});
    expect((await checkPublishedAgain(registry)).held).toEqual([`${PLUGIN} 1.0.0`]);
  });

  it('is neither held nor passed by a check that cannot be carried out, which is tried again ever more rarely', async () => {
    const before = await row();
    const undone = [expect.stringContaining('fixtures: The check could not be carried out: no sandbox')];
    expect(await inADay(withTools(noSandbox))).toEqual({ held: [], undone });
    expect(await row()).toMatchObject({ held_at: null, rechecked_at: before.rechecked_at });
    // Also of a registry that does not wait.
    expect(await checkPublishedAgain(withTools(noSandbox))).toEqual({ held: [], undone: [] });
    later(HOUR_MS + 1);
    expect(await checkPublishedAgain(withTools(noSandbox))).toEqual({ held: [], undone });
    later(HOUR_MS + 1);
    expect(await checkPublishedAgain(withTools(noSandbox))).toEqual({ held: [], undone: [] });
    later(HOUR_MS);
    expect(await checkPublishedAgain(registry)).toEqual({ held: [], undone: [] });
    expect(await row()).toMatchObject({ held_at: null, rechecked_at: clock, recheck_attempts: 0 });
  });

  it('does not wait for a check that is not required', async () => {
    await set('fixtures', { required: false });
    expect(await inADay(withTools(noSandbox))).toEqual({ held: [], undone: [] });
    expect(await row()).toMatchObject({ rechecked_at: clock });
  });

  it('is held by what one check finds although another cannot be carried out', async () => {
    await hadFiles({ 'README.md': `# Again\n\n${TOKEN}\n` });
    expect((await inADay(withTools(noSandbox))).held).toEqual([`${PLUGIN} 1.0.0`]);
  });

  it('is not held by a run that fails once and not again', async () => {
    let runs = 0;
    const flaky = withTools({
      runIngest: (subject, input) =>
        ++runs === 1
          ? Promise.resolve({ outcome: 'error', code: 'PLUGIN_TIMEOUT', message: 'too late' })
          : registry.checkTools.runIngest(subject, input),
    });
    expect(await inADay(flaky)).toEqual({ held: [], undone: [] });
    expect(runs).toBeGreaterThan(1);
  });

  it('is not held because another compiler makes another module of its sources', async () => {
    const otherwise = withTools({ reproduce: () => Promise.resolve({ ok: true, moduleSha256: 'f'.repeat(64) }) });
    const { compiler_sha256: own } = await row();
    try {
      for (const other of ['0'.repeat(64), null]) {
        await compiledBy(other);
        expect(await inADay(otherwise)).toEqual({ held: [], undone: [] });
      }
    } finally {
      await compiledBy(own);
    }
    expect((await inADay(otherwise)).held).toEqual([`${PLUGIN} 1.0.0`]);
  });

  it.each([
    ['nobody wrote down by which compiler it was made', null],
    ['it was made by another compiler', '0'.repeat(64)],
  ])('is compared from the day on which this compiler makes its module, where %s', async (_where, compiler) => {
    const { compiler_sha256: own } = await row();
    const otherwise = withTools({ reproduce: () => Promise.resolve({ ok: true, moduleSha256: 'f'.repeat(64) }) });
    const noCompiler = withTools({ reproduce: () => Promise.reject(new Error('no compiler')) });
    await compiledBy(compiler);
    for (const unable of [otherwise, noCompiler]) {
      expect(await inADay(unable)).toEqual({ held: [], undone: [] });
      expect((await row()).compiler_sha256).toBe(compiler);
    }
    expect(await inADay()).toEqual({ held: [], undone: [] });
    expect((await row()).compiler_sha256).toBe(own);
    expect((await inADay(otherwise)).held).toEqual([`${PLUGIN} 1.0.0`]);
  });

  it('is not taken for compared while the check is switched off', async () => {
    const { compiler_sha256: own } = await row();
    await set('reproduction', { enabled: false, required: false });
    await compiledBy(null);
    expect(await inADay()).toEqual({ held: [], undone: [] });
    expect((await row()).compiler_sha256).toBeNull();
    await compiledBy(own);
  });

  it('stays when its package cannot be read from the disk, and the others are checked', async () => {
    await registry.db
      .updateTable('registry_versions')
      .set({ package_sha256: 'f'.repeat(64) })
      .where('plugin_id', '=', PLUGIN)
      .execute();
    const other = await world.publish('acme/other');
    const failing: Registry = {
      ...registry,
      blobs: {
        ...registry.blobs,
        get: (digest) =>
          digest === other.sha256 ? Promise.reject(new Error('EIO: the disk is broken')) : registry.blobs.get(digest),
      },
    };
    const { held, undone } = await inADay(failing);
    expect(held).toEqual([]);
    expect(undone.sort()).toEqual([
      `${PLUGIN} 1.0.0: The stored package is gone.`,
      'acme/other 1.0.0: EIO: the disk is broken',
    ]);
    await registry.db.deleteFrom('registry_versions').where('plugin_id', '=', 'acme/other').execute();
  });

  it('is checked once although two processes look at the same time', async () => {
    let checked = 0;
    const counting = withTools({
      reproduce: (subject) => {
        checked += 1;
        return registry.checkTools.reproduce(subject);
      },
    });
    later(DAY_MS);
    const other = { ...counting, checkTurns: createTurns(2) };
    await Promise.all([checkPublishedAgain(counting), checkPublishedAgain(other)]);
    expect(checked).toBe(1);
  });

  it('is checked once more when something is found to be bad while it is checked', async () => {
    const digest = sha256(made.files.get('README.md') ?? '');
    let asked = (): void => undefined;
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    const queries = new WeakSet<object>();
    const db = registry.db.withPlugin({
      transformQuery({ node, queryId }) {
        if (JSON.stringify(node).includes('registry_bad_digests')) queries.add(queryId);
        return node;
      },
      transformResult({ result, queryId }) {
        if (queries.has(queryId)) asked();
        return Promise.resolve(result);
      },
    });
    const meanwhile = withTools({
      async reproduce(subject) {
        await wasAsked;
        await addBadDigest(registry, digest, 'a backdoor', 'user:root');
        return registry.checkTools.reproduce(subject);
      },
    });
    later(DAY_MS);
    expect((await checkPublishedAgain({ ...meanwhile, db }, { most: 1 })).held).toEqual([]);
    expect((await checkPublishedAgain(registry)).held).toEqual([`${PLUGIN} 1.0.0`]);
    await removeBadDigest(registry, digest, 'user:root');
  });

  it('lets a submission go first that comes while versions are checked again', async () => {
    await world.publish('acme/second');
    const upload = await makePackage('acme/upload');
    const order: string[] = [];
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const { checkTurns, checkTools } = registry;
    registry.checkTurns = createTurns(1);
    registry.checkTools = {
      ...checkTools,
      reproduce: async (subject) => {
        order.push(subject.manifest.id);
        begin();
        await held;
        return checkTools.reproduce(subject);
      },
    };
    try {
      later(DAY_MS);
      const again = checkPublishedAgain(registry);
      await begun;
      const submitted = world.submit(upload);
      const queued = () =>
        registry.db.selectFrom('registry_submissions').select('state').where('plugin_id', '=', 'acme/upload').execute();
      await expect.poll(queued).toEqual([{ state: 'checking' }]);
      goOn();
      await Promise.all([again, submitted]);
    } finally {
      Object.assign(registry, { checkTurns, checkTools });
    }
    expect(order).toEqual([expect.any(String), 'acme/upload', expect.any(String)]);
    await registry.db.deleteFrom('registry_versions').where('plugin_id', '=', 'acme/second').execute();
  });

  it('is not held again for what a reviewer has looked at and released, but for something else', async () => {
    await hadFiles({ 'README.md': `# Again\n\n${TOKEN}\n` });
    expect((await inADay()).held).toEqual([`${PLUGIN} 1.0.0`]);
    const waives = [{ rule: 'secrets.github-token', place: 'README.md:3:1' }];
    const shown = { plugin: PLUGIN, version: '1.0.0', waives, heldAt: clock.toISOString() };
    expect(await listHeld(registry, 'user:rita')).toMatchObject([{ ...shown, mayNotRelease: null }]);
    expect(await listHeld(registry, 'user:ann')).toMatchObject([{ ...shown, mayNotRelease: expect.any(String) }]);
    const released = () => releaseHeld(registry, PLUGIN, '1.0.0', 'user:rita', 'It is an example.');
    expect(await released()).toEqual({ ok: true });
    expect(await listHeld(registry, 'user:rita')).toEqual([]);
    expect(await inADay()).toEqual({ held: [], undone: [] });
    await hadFiles({ 'README.md': `# Again\n\nAnother ${TOKEN}\n` });
    expect((await inADay()).held).toEqual([`${PLUGIN} 1.0.0`]);
    // What everything stands on is not waived.
    await hadFiles({ 'icon.svg': undefined });
    expect(await released()).toEqual({ ok: true });
    expect((await inADay()).held).toEqual([`${PLUGIN} 1.0.0`]);
  });

  it('has its turn once a day, spread over the day although all was published at once', async () => {
    const many = 240;
    for (const table of ['registry_submissions', 'registry_versions'])
      await sql`insert into ${sql.table(table)}
        select (jsonb_populate_record(t, jsonb_build_object(
          'version', '2.0.' || n, 'submission_id', 'sub_' || n, 'package_sha256', 'package ' || n))).*
        from ${sql.table(table)} t, generate_series(1, ${many}::int) n
        where t.plugin_id = ${PLUGIN} and t.version = '1.0.0'`.execute(registry.db);
    const seen = new Map<string, number>();
    const perHour: number[] = [];
    for (let hour = 0; hour < 48; hour++) {
      later(HOUR_MS);
      let claimed = 0;
      for (let due = await claimDueVersion(registry); due !== undefined; due = await claimDueVersion(registry)) {
        claimed += 1;
        seen.set(due.version, (seen.get(due.version) ?? 0) + 1);
        await registry.db
          .updateTable('registry_versions')
          .set({ rechecked_at: clock, recheck_after: null, recheck_attempts: 0 })
          .where('version', '=', due.version)
          .execute();
      }
      perHour.push(claimed);
    }
    await registry.db.deleteFrom('registry_versions').where('version', '!=', '1.0.0').execute();
    expect([...seen.values()]).toEqual(Array.from({ length: many + 1 }, () => 2));
    expect(Math.max(...perHour)).toBeLessThan(many / 8);
  });
});

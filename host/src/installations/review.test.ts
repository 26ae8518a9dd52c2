import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import { writeArchive } from '@patchbay/plugin-sdk/package/write-archive';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { deprecatePlugin } from '@patchbay/registry/catalogue/deprecate';
import { listOwnPlugins } from '@patchbay/registry/catalogue/own-plugins';
import { listRevocations, previewRevocation, revokeVersions } from '@patchbay/registry/catalogue/revoke';
import { createRegistryClient, RegistryUnavailable } from '@patchbay/registry/client/registry-client';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import { approveSubmission, turnDown } from '@patchbay/registry/publish/approve';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { rotateKey } from '@patchbay/registry/publish/rotate-key';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { compareBehaviour } from '@patchbay/registry/review/behaviour';
import { checkPublishedAgain } from '@patchbay/registry/review/check-again';
import { releaseHeld } from '@patchbay/registry/review/release-held';
import { listSubmissions } from '@patchbay/registry/review/review-queue';
import { comparedFile, submissionDetail } from '@patchbay/registry/review/submission-detail';
import { packageOf } from '@patchbay/registry/review/submitted-package';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { changeInstallation } from './change-installation.ts';
import { installPlugin, type InstallationDependencies } from './install-plugin.ts';
import { createModuleStore } from './module-store.ts';
import { presentRevocations } from './revocation-list.ts';
import { carryOut, watchRevocations } from './revocation-watch.ts';
import { registryTrust } from './registry-trust.ts';
import { updateInstallation } from './update-installation.ts';

let author = generateSigningKey();
const DAY_MS = 24 * 60 * 60 * 1000;

eachDatabase('reviews and revocations', (newDatabase) => {
  const checkTools = keptCheckTools();
  let folder: string;
  let store: Store;
  let registry: Registry;
  let deps: InstallationDependencies;
  const groupId: GroupId = newId('group');
  const ann = { groupId, name: 'user:ann' };

  beforeAll(async () => {
    author = generateSigningKey();
    folder = await mkdtemp(join(tmpdir(), 'patchbay-review-'));
    store = await openStore(await newDatabase());
    const { db } = store;
    await db.insertInto('groups').values({ group_id: groupId, name: 'First' }).execute();
    registry = await openRegistry({ db: db as never, folder, checkTools });
    const client = createRegistryClient({ request: directRequest(registry), trust: registryTrust(store.db) });
    const modules = createModuleStore(folder);
    deps = { db, vault: createVault(Buffer.alloc(32, 1)), client, modules, hub: createLiveHub(), cooldownHours: 0 };
  });
  afterAll(async () => {
    await closePluginRuns();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const submitPackage = async (made: TestPackage, key = author): Promise<string> => {
    const outcome = await publishPackage(registry, {
      bytes: made.bytes,
      envelope: releaseEnvelope(made, key),
      publicKey: key.publicKey,
      publisher: { name: 'user:ann', claims: true },
    });
    if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
    return outcome.submissionId;
  };
  const submit = async (
    id: string,
    manifest: Partial<ManifestInput> = {},
    template: 'ingest' | 'connector' = 'ingest',
  ) => submitPackage(await makePackage(id, manifest, template));
  const stateOf = async (id: string) => (await submissionDetail(registry, id, 'user:rita'))?.state;
  const install = async (plugin: string, version: string, configuration = {}, secrets = {}) => {
    const release = await deps.client.detail(plugin, version);
    const consent = consentOf(release!.manifest).digest;
    const environment = 'production' as const;
    return installPlugin(deps, ann, { plugin, version, environment, configuration, secrets, consent });
  };
  const installed = (id: InstallationId) =>
    store.db.selectFrom('installations').selectAll().where('installation_id', '=', id).executeTakeFirstOrThrow();

  it('lets nobody approve what is their own', async () => {
    const id = await submit('acme/probe');
    expect(await approveSubmission(registry, id, 'user:ann')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect((await submissionDetail(registry, id, 'user:ann'))?.mayNotApprove).toContain('yourself');
    expect((await submissionDetail(registry, id, 'user:rita'))?.mayNotApprove).toBeNull();
    const other = { sha256: 'f'.repeat(64), note: '' };
    expect(await approveSubmission(registry, id, 'user:rita', other)).toMatchObject({ code: 'CONFLICT' });
    expect(await stateOf(id)).toBe('in_review');
    expect(await approveSubmission(registry, id, 'user:rita')).toEqual({ ok: true });
    expect(await stateOf(id)).toBe('published');
  });

  it('asks a second reviewer where something of high risk is new, and nobody twice', async () => {
    const id = await submit('acme/teller', {}, 'connector');
    expect((await submissionDetail(registry, id, 'user:rita'))?.approvals).toEqual({ given: 0, needed: 2 });
    const [one, again] = await Promise.all([1, 2].map(() => approveSubmission(registry, id, 'user:rita')));
    expect([one, again]).toEqual([{ ok: true }, { ok: true }]);
    expect(await stateOf(id)).toBe('in_review');
    expect((await submissionDetail(registry, id, 'user:rita'))?.mayNotApprove).toContain('already');
    expect(await deps.client.detail('acme/teller')).toBeUndefined();
    expect(await approveSubmission(registry, id, 'user:rob')).toEqual({ ok: true });
    expect(await stateOf(id)).toBe('published');
    // The same secrets again are nothing new.
    const next = await submit('acme/teller', { version: '1.1.0' }, 'connector');
    expect((await submissionDetail(registry, next, 'user:rita'))?.approvals).toEqual({ given: 0, needed: 1 });
  });

  it('asks two reviewers for every version whose module was built elsewhere', async () => {
    for (const version of ['1.0.0', '1.1.0']) {
      const made = await makePackage('acme/elsewhere', { version });
      const read = (path: string) => JSON.parse(Buffer.from(made.files.get(path) ?? []).toString()) as object;
      const files = new Map(made.files)
        .set('plugin.json', Buffer.from(JSON.stringify({ ...read('plugin.json'), module: 'build/plugin.wasm' })))
        .set('sources.json', Buffer.from(JSON.stringify({ ...read('sources.json'), entry: null })));
      const bytes = await writeArchive(files);
      const id = await submitPackage({ ...made, bytes, files, sha256: sha256(bytes) });
      expect((await submissionDetail(registry, id, 'user:rita'))?.approvals).toEqual({ given: 0, needed: 2 });
      await approveSubmission(registry, id, 'user:rita');
      expect(await stateOf(id)).toBe('in_review');
      await approveSubmission(registry, id, 'user:rob');
      expect(await stateOf(id)).toBe('published');
    }
  });

  it('publishes once when two approve at the same time', async () => {
    const id = await submit('acme/probe', { version: '1.0.1' });
    const both = await Promise.all(['user:rita', 'user:rob'].map((who) => approveSubmission(registry, id, who)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ code: 'CONFLICT' });
  });

  it('sends a version back with a reason, and takes it again', async () => {
    const id = await submit('acme/probe', { version: '1.1.0' });
    expect(await turnDown(registry, id, 'user:rita', 'changes_requested', 'Say what it does.')).toEqual({ ok: true });
    expect(await approveSubmission(registry, id, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    const detail = await submissionDetail(registry, id, 'user:ann');
    expect(detail).toMatchObject({ state: 'changes_requested', reason: 'Say what it does.' });
    expect(detail?.events.map(({ state, actor }) => [state, actor])).toEqual([
      ['checking', 'user:ann'],
      ['in_review', 'policy:required-checks'],
      ['changes_requested', 'user:rita'],
    ]);
    const again = await submit('acme/probe', { version: '1.1.0', summary: 'Says what it does.' });
    expect(again).not.toBe(id);
    expect((await submissionDetail(registry, again, 'user:rita'))?.history).toMatchObject({ changes_requested: 1 });
    const queue = await listSubmissions(registry, { state: 'in_review', q: 'PROBE' });
    expect(queue.items.map(({ submissionId }) => submissionId)).toEqual([again]);
    expect(queue.counts).toMatchObject({ in_review: 1, changes_requested: 1, published: 2 });
    expect((await listSubmissions(registry, { submittedBy: 'user:eve' })).items).toEqual([]);
  });

  it('shows what is different from the version before: permissions, imports, files and behaviour', async () => {
    const reason = 'to post a message per incident';
    const http = [
      { host: { configuration: 'siteUrl' }, methods: ['POST' as const], pathPrefix: '/v1/messages', reason },
    ];
    const asking = { version: '1.2.0', permissions: { http, store: { bytes: 4096 } } };
    const asked = await submissionDetail(registry, await submit('acme/teller', asking, 'connector'), 'user:rita');
    expect(asked?.difference).toMatchObject({
      before: '1.0.0',
      consent: { added: [{ kind: 'store' }], removed: [] },
      imports: { added: ['patchbay:store'], removed: [] },
    });
    const made = await makePackage('acme/probe', { version: '1.2.0', summary: 'Other words.' });
    const id = await submitPackage(made);
    const detail = await submissionDetail(registry, id, 'user:rita');
    expect(detail?.difference).toMatchObject({ before: '1.0.1', consent: { added: [], removed: [] } });
    expect(detail?.difference.files.map(({ path, change }) => [path, change])).toContainEqual([
      'plugin.json',
      'changed',
    ]);
    expect(await comparedFile(registry, id, 'plugin.json')).toMatchObject({
      before: expect.stringContaining('"1.0.1"'),
      after: expect.stringContaining('"1.2.0"'),
    });
    expect(await comparedFile(registry, id, 'no/such/file')).toEqual({ before: null, after: null });

    const before = (await packageOf(registry, (await deps.client.detail('acme/probe'))!.sha256))!;
    const after = (await packageOf(registry, made.sha256))!;
    const same = await compareBehaviour(before, after, registry.checkTools);
    expect(same.items).toHaveLength(3);
    expect(same.items.every(({ differs }) => !differs)).toBe(true);
    const otherwise = await compareBehaviour(before, after, {
      ...registry.checkTools,
      runIngest: async (subject, input) =>
        subject === after ? { outcome: 'ignored', reason: 'changed' } : registry.checkTools.runIngest(subject, input),
    });
    expect(otherwise.items.every(({ differs }) => differs)).toBe(true);
    await approveSubmission(registry, id, 'user:rita');
  });

  it('shows of a connector which requests it makes otherwise than before', async () => {
    const packageWith = async (change?: (folder: string) => Promise<void>) => {
      const made = await makePackage('acme/teller', {}, 'connector', change);
      const read = await readPackage(made.bytes);
      if (!read.ok) throw new Error(read.message);
      return read.package;
    };
    const before = await packageWith();
    const after = await packageWith(async (folder) => {
      const file = join(folder, 'src/index.ts');
      const source = await readFile(file, 'utf8');
      expect(source).toContain('/v1/messages');
      await writeFile(file, source.replaceAll('/v1/messages', '/v1/messages/all'));
    });
    const same = await compareBehaviour(before, before, registry.checkTools);
    expect(same.items.length).toBeGreaterThan(0);
    expect(same.items.every(({ differs }) => !differs)).toBe(true);
    const otherwise = await compareBehaviour(before, after, registry.checkTools);
    const different = otherwise.items.find(({ differs }) => differs);
    expect(different?.before).toContain('/v1/messages"');
    expect(different?.after).toContain('/v1/messages/all"');
  });

  it('stops a revoked version on a running host, and installs it nowhere', async () => {
    const hard = await install('acme/probe', '1.2.0');
    const watch = watchRevocations({ ...deps, log: { warn: () => undefined }, everyMs: 20 });
    try {
      expect(await previewRevocation(registry, { plugin: 'acme/probe', range: '>=1.1.0' }, 'user:rita')).toMatchObject({
        installs: 1,
        versions: [{ version: '1.2.0', installs: 1 }],
      });
      const order = { plugin: 'acme/probe', range: '>=1.1.0', kind: 'hard', reason: 'It phones home.' } as const;
      expect(await revokeVersions(registry, order, 'user:rita')).toEqual({ ok: true, revoked: ['1.2.0'] });
      expect(await revokeVersions(registry, order, 'user:rita')).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
      await expect.poll(async () => (await installed(hard)).state, { timeout: 30_000 }).toBe('quarantined');
      await expect
        .poll(async () => (await listRevocations(registry)).hosts, { timeout: 30_000 })
        .toEqual({
          known: 1,
          reached: 1,
        });
    } finally {
      await watch.stop();
    }
    await expect(changeInstallation(deps, ann, hard, { state: 'enabled' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(install('acme/probe', '1.2.0')).rejects.toMatchObject({ code: 'VERSION_UNAVAILABLE' });
    expect((await deps.client.detail('acme/probe'))?.version).toBe('1.0.1');
    const log = await store.db
      .selectFrom('audit_log')
      .select('details')
      .where('target', '=', hard)
      .where('action', '=', 'installation.quarantine')
      .executeTakeFirstOrThrow();
    expect(log.details).toMatchObject({ reason: 'It phones home.' });
  });

  it('stops nothing else, though it has the same module to the byte', async () => {
    for (const [id, version, integrationType] of [
      ['acme/twin', '1.0.0', 'twin'],
      ['acme/twin', '1.0.1', 'twin'],
      ['copycat/twin', '1.0.0', 'twin-of-another'],
    ] as const) {
      const submission = await submit(id, { version, integrationType });
      expect(await approveSubmission(registry, submission, 'user:rita')).toEqual({ ok: true });
    }
    const corrected = await install('acme/twin', '1.0.0');
    const { digest: consent } = consentOf((await deps.client.detail('acme/twin'))!.manifest);
    await updateInstallation(deps, ann, corrected, { version: '1.0.1', consent, secrets: {} });
    const copy = await install('copycat/twin', '1.0.0');
    expect((await installed(copy)).module_sha256).toBe((await installed(corrected)).module_sha256);

    await revokeVersions(
      registry,
      { plugin: 'acme/twin', range: '1.0.0', kind: 'hard', reason: 'It asks for too much.' },
      'user:rita',
    );
    expect(await carryOut(deps, await presentRevocations(deps))).toBe(0);
    expect((await installed(corrected)).state).toBe('enabled');
    const left = () => store.db.selectFrom('installation_versions').select(['version', 'revoked', 'restorable']);
    expect(await left().where('installation_id', '=', corrected).execute()).toEqual([
      { version: '1.0.0', revoked: true, restorable: false },
    ]);

    await revokeVersions(
      registry,
      { plugin: 'copycat/twin', range: '*', kind: 'hard', reason: 'A copy.' },
      'user:rita',
    );
    expect(await carryOut(deps, await presentRevocations(deps))).toBe(1);
    expect((await installed(copy)).state).toBe('quarantined');
    expect((await installed(corrected)).state).toBe('enabled');
  });

  it('disables a softly revoked version once, and lets an operator enable it again', async () => {
    const soft = await install(
      'acme/teller',
      '1.0.0',
      { siteUrl: 'https://a.example.com' },
      { apiToken: 'x'.repeat(12) },
    );
    const order = { plugin: 'acme/teller', range: '1.0.0', kind: 'soft', reason: 'It is slow.' } as const;
    await revokeVersions(registry, order, 'user:rita');
    expect(await carryOut(deps, await presentRevocations(deps))).toBe(1);
    expect((await installed(soft)).state).toBe('disabled');
    await changeInstallation(deps, ann, soft, { state: 'enabled' });
    expect(await carryOut(deps, await presentRevocations(deps))).toBe(0);
    expect((await installed(soft)).state).toBe('enabled');
  });

  it('takes no list that is older, forged, of another log, or at its end', async () => {
    const list = await presentRevocations(deps);
    const { revokedAt: _at, ...first } = list.entries[0]!;
    const forge = (change: object, key = registry.key) => signStatement('revocations', { ...list, ...change }, key);
    const told = (envelope: ReturnType<typeof forge>) => ({
      ...deps,
      client: { ...deps.client, revocations: () => Promise.resolve(envelope) },
    });
    const refusal = (envelope: ReturnType<typeof forge>) =>
      presentRevocations(told(envelope)).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
    expect(first.id).toBe('acme/probe');
    expect(await refusal(forge({ number: list.number - 1, entries: [] }))).toBe('REVOCATIONS_INVALID');
    expect(await refusal(forge({ logHash: 'a'.repeat(64), entries: [] }))).toBe('REVOCATIONS_INVALID');
    expect(await refusal(forge({ entries: [] }, generateSigningKey()))).toBe('REVOCATIONS_INVALID');
    expect(await refusal(forge({ expiresAt: new Date(Date.now() - 1).toISOString() }))).toBe('REVOCATIONS_STALE');
    expect(await refusal(forge({}))).toBe('taken');
  });

  it('installs nothing on a stale list, and says so; what runs goes on', async () => {
    const away = {
      ...deps,
      client: { ...deps.client, revocations: () => Promise.reject(new RegistryUnavailable('away')) },
    };
    // The last list still holds.
    expect((await presentRevocations(away)).entries).not.toEqual([]);
    await expect(presentRevocations(away, 0, new Date(Date.now() + 2 * DAY_MS))).rejects.toMatchObject({
      code: 'REVOCATIONS_STALE',
    });
    const late = { ...registry, now: () => new Date(Date.now() - 2 * DAY_MS) };
    const client = createRegistryClient({
      request: directRequest({ ...late, db: registry.db.withSchema('public') }),
      trust: registryTrust(store.db),
    });
    const release = (await deps.client.detail('acme/probe', '1.0.0'))!;
    const input = { plugin: 'acme/probe', version: '1.0.0', environment: 'production' as const, configuration: {} };
    await expect(
      installPlugin({ ...deps, client }, ann, { ...input, secrets: {}, consent: consentOf(release.manifest).digest }),
    ).rejects.toMatchObject({ code: 'REVOCATIONS_STALE' });
  });

  it('says that a plugin is no longer looked after', async () => {
    const message = 'Use the teller.';
    const replacement = 'acme/teller';
    expect(await deprecatePlugin(registry, 'acme/probe', { message, replacement }, 'user:eve')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(
      await deprecatePlugin(registry, 'acme/probe', { message, replacement: 'acme/nothing' }, 'user:ann'),
    ).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    expect(await deprecatePlugin(registry, 'acme/probe', { message, replacement }, 'user:ann')).toEqual({ ok: true });
    expect((await deps.client.detail('acme/probe'))?.deprecated).toEqual({ message, replacement });
    const own = await listOwnPlugins(registry, 'user:ann');
    expect(own.find(({ plugin }) => plugin === 'acme/probe')).toMatchObject({
      deprecated: { message },
      versions: [{ version: '1.2.0', state: 'revoked' }, {}, {}],
    });
    expect(own.find(({ plugin }) => plugin === 'acme/teller')).toMatchObject({ deprecated: null });
    expect(await deprecatePlugin(registry, 'acme/probe', null, 'user:ann')).toEqual({ ok: true });
    expect((await deps.client.detail('acme/probe'))?.deprecated).toBeNull();
  });

  it('holds what a later check finds, and offers it again after a person has looked', async () => {
    const heldOn = async (days: number, of = registry): Promise<string[]> => {
      const at = new Date(Date.now() + days * DAY_MS);
      return (await checkPublishedAgain({ ...of, now: () => at })).held;
    };
    expect(await heldOn(1)).toEqual([]);
    const release = (await deps.client.detail('acme/probe', '1.0.0'))!;
    const subject = (await packageOf(registry, release.sha256))!;
    const bad = { reason: 'a backdoor', added_by: 'user:rita', added_at: new Date() };
    await registry.db
      .insertInto('registry_bad_digests')
      .values({ sha256: subject.moduleSha256, ...bad })
      .execute();
    expect(await heldOn(2, knownAway(registry))).toEqual([]);
    // What could not be checked is put off, so that it does not keep others from their turn.
    expect(await heldOn(2)).toEqual([]);
    expect(await heldOn(3)).toContain('acme/probe 1.0.0');
    expect(await deps.client.detail('acme/probe', '1.0.0')).toMatchObject({
      state: 'held',
      reason: expect.stringContaining('a backdoor'),
    });
    await expect(install('acme/probe', '1.0.0')).rejects.toMatchObject({ code: 'VERSION_UNAVAILABLE' });
    const released = (by: string) => releaseHeld(registry, 'acme/probe', '1.0.0', by, 'It is the test’s.');
    expect(await released('user:ann')).toMatchObject({ ok: false, code: 'OWN_SUBMISSION' });
    expect(await released('user:rita')).toEqual({ ok: true });
    expect(await released('user:rita')).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    expect((await deps.client.detail('acme/probe', '1.0.0'))?.state).toBe('published');
    await registry.db.deleteFrom('registry_bad_digests').execute();
  });

  /** A registry that cannot be asked what is known to be bad. */
  function knownAway(of: Registry): Registry {
    const db = of.db.withPlugin({
      transformQuery({ node }) {
        if (JSON.stringify(node).includes('registry_bad_digests')) throw new Error('the database is away');
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    });
    return { ...of, db };
  }

  it('rotates an author’s key only with that key', async () => {
    const next = generateSigningKey();
    const rotation = (key: typeof next) =>
      signStatement('key-rotation', { namespace: 'acme', publicKey: publicKeyPem(next.publicKey) }, key);
    expect(await rotateKey(registry, 'acme', rotation(next), 'user:ann')).toMatchObject({
      code: 'SIGNING_KEY_UNKNOWN',
    });
    expect(await rotateKey(registry, 'acme', rotation(author), 'user:eve')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(await rotateKey(registry, 'acme', rotation(author), 'user:ann')).toMatchObject({
      ok: true,
      keyId: next.id,
      replaced: author.id,
    });
    const made = await makePackage('acme/probe', { version: '2.0.0' });
    await expect(submitPackage(made)).rejects.toThrow('SIGNING_KEY_UNKNOWN');
    expect(await stateOf(await submitPackage(made, next))).toBe('in_review');
    // What the former key signed stays what it was.
    const release = (await deps.client.detail('acme/probe', '1.0.0'))!;
    expect(await deps.client.download(release, registry.key.publicKey)).toMatchObject({ ok: true });
    expect(await firstBrokenEntry(registry.db, registry.key.publicKey)).toBeUndefined();
  });
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { yankVersion } from '@patchbay/registry/catalogue/yank';
import { createRegistryClient, type RegistryClient } from '@patchbay/registry/client/registry-client';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import { approveSubmission, turnDown } from '@patchbay/registry/publish/approve';
import { changeState } from '@patchbay/registry/publish/change-state';
import { bootstrapPolicy, recordPolicy } from '@patchbay/registry/publish/policies';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { registryTrust } from './registry-trust.ts';

const author = generateSigningKey();
const stranger = generateSigningKey();

eachDatabase('the registry', (newDatabase) => {
  const checkTools = keptCheckTools();
  let folder: string;
  let store: Store;
  let registry: Registry;
  let client: RegistryClient;
  let probe: TestPackage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-registry-'));
    store = await openStore(await newDatabase());
    registry = await openRegistry({ db: store.db as never, folder, checkTools });
    client = createRegistryClient({ request: directRequest(registry), trust: registryTrust(store.db) });
    probe = await makePackage('acme/probe');
  });
  afterAll(async () => {
    await closePluginRuns();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const publish = (subject: TestPackage, change: Partial<Parameters<typeof publishPackage>[1]> = {}, at = registry) =>
    publishPackage(at, {
      bytes: subject.bytes,
      envelope: releaseEnvelope(subject, author),
      publicKey: author.publicKey,
      publisher: { name: 'user:ann', claims: true },
      ...change,
    });

  it('stores a checked package for review, and publishes it when a reviewer approves', async () => {
    const uploaded = await publish(probe);
    expect(uploaded).toMatchObject({
      ok: true,
      state: 'in_review',
      checks: requiredChecks.map((name) => ({ name, outcome: 'passed' })),
    });
    expect(await client.detail('acme/probe')).toBeUndefined();
    if (!uploaded.ok) return;
    expect(await approveSubmission(registry, uploaded.submissionId, 'user:rita')).toEqual({ ok: true });
    const release = await client.detail('acme/probe');
    expect(release).toMatchObject({
      id: 'acme/probe',
      version: '1.0.0',
      state: 'published',
      sha256: probe.sha256,
      imports: [],
    });
    expect((await client.list({}))?.items.map(({ id }) => id)).toEqual(['acme/probe']);
    expect(await approveSubmission(registry, uploaded.submissionId, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
  });

  it('gives the package to whoever verifies it, step by step', async () => {
    const release = (await client.detail('acme/probe'))!;
    const got = await client.download(release, registry.key.publicKey);
    expect(got.ok && got.steps.map(({ name }) => name)).toEqual([
      'digest',
      'registry signature',
      'author signature',
      'archive',
      'module',
    ]);
  });

  it('is found out when bytes, signatures or the key are not what they should be', async () => {
    const release = (await client.detail('acme/probe'))!;
    const { publicKey } = registry.key;
    const step = async (changed: object, key = publicKey) => {
      const got = await client.download({ ...release, ...changed }, key);
      return got.ok ? 'accepted' : /step "([^"]+)"/.exec(got.message)?.[1];
    };
    expect(await step({}, stranger.publicKey)).toBe('registry signature');
    expect(await step({ registry: { ...release.registry, envelope: release.author.envelope } })).toBe(
      'registry signature',
    );
    expect(await step({ id: 'acme/other' })).toBe('registry signature');
    expect(await step({ version: '2.0.0' })).toBe('registry signature');
    const forged = releaseEnvelope({ ...probe, version: '1.0.0' }, stranger);
    expect(await step({ author: { ...release.author, envelope: forged } })).toBe('author signature');

    const other = await makePackage('acme/probe', { summary: 'Something else entirely.' });
    const lying = createRegistryClient({
      request: async (method, path) =>
        path.includes('/packages/') ? { status: 200, body: other.bytes } : directRequest(registry)(method, path),
      trust: registryTrust(store.db),
    });
    expect(await lying.download(release, publicKey)).toMatchObject({
      ok: false,
      message: expect.stringContaining('"digest"'),
    });
    const wholly = { ...release, sha256: other.sha256 };
    expect(await lying.download(wholly, publicKey)).toMatchObject({
      message: expect.stringContaining('"registry signature"'),
    });
  });

  it('refuses a stored package that was changed on disk', async () => {
    const file = join(folder, 'packages', `${probe.sha256}.tgz`);
    const good = await readFile(file);
    const bad = Buffer.from(good);
    bad[1000] = (bad[1000] ?? 0) ^ 1;
    await writeFile(file, bad);
    await expect(client.download((await client.detail('acme/probe'))!, registry.key.publicKey)).rejects.toThrow(
      'changed on disk',
    );
    await writeFile(file, good);
  });

  it('takes the same bytes again as the same, and other bytes of a version never', async () => {
    expect(await publish(probe)).toMatchObject({ ok: true, state: 'published' });
    const changed = await makePackage('acme/probe', { summary: 'Changed.' });
    expect(await publish(changed)).toMatchObject({ ok: false, code: 'VERSION_EXISTS' });
  });

  it('lets exactly one of two publishes of one version at once through', async () => {
    const [one, two] = await Promise.all([
      makePackage('acme/probe', { version: '1.1.0', summary: 'One.' }),
      makePackage('acme/probe', { version: '1.1.0', summary: 'Two.' }),
    ]);
    const outcomes = await Promise.all([publish(one), publish(two), publish(one)]);
    expect(outcomes.filter(({ ok }) => !ok).map((outcome) => !outcome.ok && outcome.code)).toContain('VERSION_EXISTS');
    const rows = await registry.db
      .selectFrom('registry_submissions')
      .select('package_sha256')
      .where('version', '=', '1.1.0')
      .where('state', '<>', 'rejected')
      .execute();
    expect(rows).toHaveLength(1);
  });

  it('takes a namespace for the first who publishes into it, with their key', async () => {
    const next = await makePackage('acme/probe', { version: '1.2.0' });
    expect(await publish(next, { publisher: { name: 'user:eve' } })).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
    const signed = { envelope: releaseEnvelope(next, stranger), publicKey: stranger.publicKey };
    expect(await publish(next, signed)).toMatchObject({
      code: 'SIGNING_KEY_UNKNOWN',
      message: `"acme" has the key ${author.id.slice(0, 16)}…; this is signed with ${stranger.id.slice(0, 16)}….`,
    });
    // Who names the key of another and cannot sign with it.
    const forged = releaseEnvelope(next, { ...stranger, id: author.id });
    expect(await publish(next, { envelope: forged })).toMatchObject({
      code: 'PACKAGE_TAMPERED',
      message: expect.stringContaining('Author signature: The signature does not match'),
    });
    expect(await publish(next, { envelope: releaseEnvelope(probe, author) })).toMatchObject({
      code: 'PACKAGE_TAMPERED',
    });
    expect(await publish(await makePackage('patchbay/probe'))).toMatchObject({ code: 'NAMESPACE_FORBIDDEN' });
  });

  it('rejects what does not pass, with every finding, and takes the corrected version', async () => {
    const icon = { icon: 'icon.svg', version: '1.3.0' };
    const good = await makePackage('acme/probe', icon);
    const { writeArchive } = await import('@patchbay/plugin-sdk/package/write-archive');
    const { sha256 } = await import('@patchbay/plugin-sdk/package/digest');
    const files = new Map(good.files)
      .set('icon.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'))
      .set('README.md', Buffer.from(`# x\nghp_${'a1B2'.repeat(9)}\n`));
    const bytes = await writeArchive(files);
    const bad = { ...good, bytes, sha256: sha256(bytes) };
    const outcome = await publish(bad);
    expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_FAILED', report: { state: 'rejected' } });
    expect(!outcome.ok && outcome.details?.map(({ path }) => path)).toEqual(['README.md:2:1', 'icon.svg:1:41']);
    expect(await publish(good)).toMatchObject({ ok: true, state: 'in_review' });
  });

  it('never takes a check that crashed, or is not there, for a pass', async () => {
    const next = await makePackage('acme/probe', { version: '1.4.0' });
    const { runIngest, runDeliver } = registry.checkTools;
    const crashing: Registry = {
      ...registry,
      checkTools: { runIngest, runDeliver, reproduce: () => Promise.reject(new Error('crash')) },
    };
    const absent: Registry = { ...registry, checkTools: {} as Registry['checkTools'] };
    for (const broken of [crashing, absent])
      expect(await publish(next, {}, broken)).toMatchObject({
        ok: false,
        code: 'CHECKS_INCOMPLETE',
        report: { state: 'checking' },
      });
    const { submissionId } = ((await publish(next, {}, crashing)) as { report: { submissionId: string } }).report;
    expect(await changeState(registry.db, submissionId, 'in_review', new Date(), 'user:rita')).toBe(false);
    expect(await approveSubmission(registry, submissionId, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    // The database itself counts: a pass for other bytes, or one pass too few, is not enough.
    expect(await publish(next)).toMatchObject({ ok: true, state: 'in_review' });
    await sql`update registry_checks set package_sha256 = 'other' where submission_id = ${submissionId} and name = 'icon'`.execute(
      registry.db,
    );
    expect(await approveSubmission(registry, submissionId, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    await sql`delete from registry_checks where submission_id = ${submissionId} and name = 'icon'`.execute(registry.db);
    expect(await approveSubmission(registry, submissionId, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    expect(await turnDown(registry, submissionId, 'user:rita', 'rejected', 'not now')).toEqual({ ok: true });
  });

  it('publishes under a recorded policy only in its namespace, and only what passes', async () => {
    await recordPolicy(registry, bootstrapPolicy, 'system:test');
    await recordPolicy(registry, bootstrapPolicy, 'system:test');
    const publisher = { name: 'policy:bootstrap', policy: 'bootstrap' };
    const ours = { envelope: releaseEnvelope, publisher };
    const first = await makePackage('patchbay/probe', { integrationType: 'ours' });
    expect(await publish(first, { publisher: ours.publisher })).toMatchObject({ ok: true, state: 'published' });
    const foreign = await makePackage('other/probe');
    expect(await publish(foreign, { publisher })).toMatchObject({ ok: true, state: 'in_review' });
  });

  it('lists by word, category, kind and order, page by page', async () => {
    const ids = async (query: Parameters<RegistryClient['list']>[0]) =>
      (await client.list(query))?.items.map(({ id }) => id);
    expect(await ids({ q: 'PROBE alerts', sort: 'name' })).toEqual(['acme/probe', 'patchbay/probe']);
    expect(await ids({ q: '100%_' })).toEqual([]);
    expect(await ids({ category: 'ticketing' })).toEqual([]);
    expect(await ids({ integrationType: 'ours' })).toEqual(['patchbay/probe']);
    await client.countInstall('patchbay/probe', '1.0.0', 1);
    for (const sort of ['installs', 'rating', 'updated', 'name'] as const) {
      const first = (await client.list({ sort, limit: 1 }))!;
      const second = (await client.list({ sort, limit: 1, cursor: first.next! }))!;
      expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(['acme/probe', 'patchbay/probe']);
      expect(second.next).toBeNull();
    }
    expect(await ids({ sort: 'installs' })).toEqual(['patchbay/probe', 'acme/probe']);
    expect(await client.list({ cursor: 'nonsense' })).toBeUndefined();
  });

  it('skips a yanked version for those who resolve, keeps it for those who name it, and puts it back', async () => {
    expect(await yankVersion(registry, 'acme/probe', '1.0.0', 'broken', 'user:eve')).toMatchObject({
      code: 'NAMESPACE_FORBIDDEN',
    });
    expect(await yankVersion(registry, 'acme/probe', '1.0.0', 'broken', 'user:ann')).toEqual({ ok: true });
    expect(await client.detail('acme/probe')).toBeUndefined();
    expect(await client.detail('acme/probe', '1.0.0')).toMatchObject({ state: 'yanked' });
    expect(await yankVersion(registry, 'acme/probe', '1.0.0', null, 'user:ann')).toEqual({ ok: true });
    expect(await client.detail('acme/probe')).toMatchObject({ version: '1.0.0' });
  });

  it('keeps its decisions in a chain that shows any change', async () => {
    const { db, key } = registry;
    expect(await firstBrokenEntry(db, key.publicKey)).toBeUndefined();
    expect(await firstBrokenEntry(db, stranger.publicKey)).toBe(1);
    const second = await db.selectFrom('registry_log').selectAll().where('seq', '=', 2).executeTakeFirstOrThrow();
    await db
      .updateTable('registry_log')
      .set({ entry: second.entry.replace('acme', 'evil') })
      .where('seq', '=', 2)
      .execute();
    expect(await firstBrokenEntry(db, key.publicKey)).toBe(2);
    await db.updateTable('registry_log').set({ entry: second.entry }).where('seq', '=', 2).execute();
    const last = await db.selectFrom('registry_log').selectAll().orderBy('seq', 'desc').executeTakeFirstOrThrow();
    await db.deleteFrom('registry_log').where('seq', '=', last.seq).execute();
    expect(await firstBrokenEntry(db, key.publicKey)).toBe(last.seq);
    await db.insertInto('registry_log').values(last).execute();
    expect(await firstBrokenEntry(db, key.publicKey)).toBeUndefined();
  });

  it('keeps its key in a file that only its owner reads, and finds it again', async () => {
    const { mode } = await stat(join(folder, 'registry-key.pem'));
    expect(mode & 0o777).toBe(0o600);
    expect((await openRegistry({ db: store.db as never, folder })).key.id).toBe(registry.key.id);
  });
});

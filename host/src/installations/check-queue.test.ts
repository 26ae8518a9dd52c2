import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckName } from '@patchbay/plugin-sdk/checks/check-result';
import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import { logHead, logPage } from '@patchbay/registry/log/read-log';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { resumeStuckChecks } from '@patchbay/registry/publish/check-watchdog';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { quarantineSubmission, recheckSubmission } from '@patchbay/registry/publish/quarantine';
import { findSubmission, storeChecks } from '@patchbay/registry/publish/submissions';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { addBadDigest, listBadDigests, removeBadDigest } from '@patchbay/registry/review/bad-digests';
import { checkPublishedAgain } from '@patchbay/registry/review/check-again';
import { setCheckPolicy } from '@patchbay/registry/review/check-policies';
import { waiveFinding } from '@patchbay/registry/review/waivers';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { openStore, type Store } from '../store/open-store.ts';

const author = generateSigningKey();
const MINUTE_MS = 60 * 1000;

eachDatabase('checks of submissions', (newDatabase) => {
  const checkTools = keptCheckTools();
  let folder: string;
  let store: Store;
  let registry: Registry;
  /** The registry's clock, which a test moves. */
  let clock: Date;

  beforeAll(async () => {
    clock = new Date();
    folder = await mkdtemp(join(tmpdir(), 'patchbay-checks-'));
    store = await openStore(await newDatabase());
    registry = await openRegistry({ db: store.db as never, folder, now: () => clock, checkTools });
  });
  afterAll(async () => {
    await closePluginRuns();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const later = (ms: number): void => {
    clock = new Date(clock.getTime() + ms);
  };
  const publish = (subject: TestPackage, at = registry, how: { answerWithinMs?: number } = {}) =>
    publishPackage(at, {
      bytes: subject.bytes,
      envelope: releaseEnvelope(subject, author),
      publicKey: author.publicKey,
      publisher: { name: 'user:ann', claims: true },
      ...how,
    });
  const submit = async (id: string, manifest: Partial<ManifestInput> = {}, at = registry) => {
    const subject = await makePackage(id, manifest);
    const outcome = await publish(subject, at);
    const submissionId = outcome.ok ? outcome.submissionId : outcome.report?.submissionId;
    return { subject, outcome, submissionId: submissionId ?? '' };
  };
  const stateOf = async (id: string) => (await findSubmission(registry.db, id)).state;
  /** A registry whose checker cannot do its work. */
  const broken = (): Registry => ({
    ...registry,
    checkTools: { ...registry.checkTools, runIngest: () => Promise.reject(new Error('no checker is configured')) },
  });

  it('are made once when the same package is uploaded several times at once, and all hear the result', async () => {
    let checked = 0;
    const counting: Registry = {
      ...registry,
      checkTools: {
        ...registry.checkTools,
        reproduce: (subject) => {
          checked += 1;
          return registry.checkTools.reproduce(subject);
        },
      },
    };
    const subject = await makePackage('acme/once');
    const outcomes = await Promise.all([1, 2, 3].map(() => publish(subject, counting)));
    expect(outcomes.map((one) => one.ok && one.state)).toEqual(['in_review', 'in_review', 'in_review']);
    expect(checked).toBe(1);
  });

  it('of many packages at once are each made once, and none is missed', async () => {
    const made: string[] = [];
    const counting: Registry = {
      ...registry,
      checkTools: {
        ...registry.checkTools,
        reproduce: (subject) => {
          made.push(subject.manifest.version);
          return registry.checkTools.reproduce(subject);
        },
      },
    };
    const versions = Array.from({ length: 12 }, (_, n) => `1.0.${n}`);
    const packages = await Promise.all(versions.map((version) => makePackage('acme/many', { version })));
    const outcomes = await Promise.all(packages.map((one) => publish(one, counting)));
    expect(outcomes.map((one) => one.ok && one.state)).toEqual(versions.map(() => 'in_review'));
    expect(made.sort()).toEqual(versions.sort());
    const { rows } = await sql<{ attempts: number }>`
      select distinct check_attempts as attempts from registry_submissions where plugin_id = 'acme/many'`.execute(
      registry.db,
    );
    expect(rows).toEqual([{ attempts: 1 }]);
    await registry.db
      .updateTable('registry_submissions')
      .set({ state: 'rejected' })
      .where('plugin_id', '=', 'acme/many')
      .execute();
  });

  it('that take long do not keep the uploader waiting, and are made all the same', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const slow: Registry = {
      ...registry,
      checkTools: {
        ...registry.checkTools,
        reproduce: (subject) => held.then(() => registry.checkTools.reproduce(subject)),
      },
    };
    const outcome = await publish(await makePackage('acme/slow'), slow, { answerWithinMs: 50 });
    expect(outcome).toMatchObject({ ok: true, state: 'checking' });
    goOn();
    const submissionId = outcome.ok ? outcome.submissionId : '';
    await expect.poll(() => stateOf(submissionId), { timeout: 60_000 }).toBe('in_review');
  });

  it('that could not be carried out are made again by themselves, and are never a pass', async () => {
    const { outcome, submissionId } = await submit('acme/again', {}, broken());
    expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_INCOMPLETE', report: { state: 'checking' } });
    expect(await resumeStuckChecks(registry)).toEqual([]);
    later(2 * MINUTE_MS);
    expect(await resumeStuckChecks(broken())).toEqual([submissionId]);
    expect(await stateOf(submissionId)).toBe('checking');
    // The second failure waits longer than the first.
    later(1.5 * MINUTE_MS);
    expect(await resumeStuckChecks(registry)).toEqual([]);
    later(MINUTE_MS);
    expect(await resumeStuckChecks(registry)).toEqual([submissionId]);
    expect(await stateOf(submissionId)).toBe('in_review');
  });

  it('of a process that died are taken over when its lease has ended, and what it says then counts no more', async () => {
    const { subject, submissionId } = await submit('acme/left', {}, broken());
    await registry.db
      .updateTable('registry_submissions')
      .set({ check_claim: 'of-the-dead', check_until: new Date(clock.getTime() + 20_000) })
      .where('submission_id', '=', submissionId)
      .execute();
    expect(await resumeStuckChecks(registry)).toEqual([]);
    later(MINUTE_MS);
    expect(await resumeStuckChecks(registry)).toEqual([submissionId]);
    expect(await stateOf(submissionId)).toBe('in_review');
    expect(await storeChecks(registry, submissionId, subject.sha256, [], 'of-the-dead')).toBe(false);
  });

  it('that fail to be carried out time and again hold the submission for a person', async () => {
    const { submissionId } = await submit('acme/never', {}, broken());
    for (let attempt = 0; attempt < 8; attempt++) {
      later(120 * MINUTE_MS);
      await resumeStuckChecks(broken());
    }
    expect(await stateOf(submissionId)).toBe('quarantined');
    expect(await approveSubmission(registry, submissionId, 'user:rita')).toMatchObject({ ok: false });
    expect(await recheckSubmission(registry, submissionId, 'user:rita')).toBe(true);
    later(1);
    expect(await resumeStuckChecks(registry)).toEqual([submissionId]);
    expect(await stateOf(submissionId)).toBe('in_review');
    expect(await recheckSubmission(registry, submissionId, 'user:rita')).toBe(false);
    expect(await quarantineSubmission(registry, submissionId, 'user:rita', 'It looks odd.')).toBe(true);
    expect(await stateOf(submissionId)).toBe('quarantined');
  });

  it('can be switched, but neither those that everything stands on nor into a pass that nobody made', async () => {
    const on = { enabled: true, enforced: true, required: true };
    const set = (name: CheckName, change: Partial<typeof on>) =>
      setCheckPolicy(registry, name, { ...on, ...change }, 'user:root', 'For a test.');
    expect(await set('imports', { required: false })).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await set('licence', { enabled: false })).toMatchObject({ ok: false, code: 'BODY_INVALID' });

    expect(await set('fixtures', { enabled: false, required: false })).toEqual({ ok: true });
    const without = await submit('acme/without', {}, broken());
    expect(without.outcome).toMatchObject({ ok: true, state: 'in_review' });
    expect(await set('fixtures', { required: false })).toEqual({ ok: true });
    const errored = await submit('acme/errored', {}, broken());
    expect(errored.outcome).toMatchObject({ ok: true, state: 'in_review' });
    expect(await set('fixtures', {})).toEqual({ ok: true });
    // It was let in while the check was not required; it is not published without it now.
    expect(await approveSubmission(registry, errored.submissionId, 'user:rita')).toMatchObject({ ok: false });

    const unlicensed = { licence: 'as on the web page' };
    expect(await submit('acme/unlicensed', unlicensed)).toMatchObject({ outcome: { code: 'CHECKS_FAILED' } });
    expect(await set('licence', { enforced: false })).toEqual({ ok: true });
    expect(await submit('acme/unlicensed', unlicensed)).toMatchObject({ outcome: { ok: true, state: 'in_review' } });
    expect(await set('licence', {})).toEqual({ ok: true });
  });

  it('forget a finding that a reviewer has waived, for exactly that content', async () => {
    const subject = await makePackage('acme/waived');
    const readme = sha256(subject.files.get('README.md') ?? new Uint8Array());
    await addBadDigest(registry, readme, 'It was in a bad one.', 'user:root');
    const outcome = await publish(subject);
    expect(outcome).toMatchObject({ ok: false, code: 'CHECKS_FAILED' });
    const submissionId = outcome.ok ? '' : (outcome.report?.submissionId ?? '');
    const finding = { rule: 'known-bad.digest', place: 'README.md', reason: 'A harmless text.' };
    expect(await waiveFinding(registry, submissionId, finding, 'user:ann')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await waiveFinding(registry, submissionId, { ...finding, place: 'LICENSE' }, 'user:rita')).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await waiveFinding(registry, submissionId, finding, 'user:rita')).toEqual({ ok: true });
    expect(await publish(subject)).toMatchObject({ ok: true, state: 'in_review' });
    // The next version with the same file is not asked again.
    const next = await makePackage('acme/waived', { version: '1.0.1', summary: 'Something else.' });
    expect(await publish(next)).toMatchObject({ ok: true });
    expect(await listBadDigests(registry)).toMatchObject([{ reason: 'It was in a bad one.', addedBy: 'user:root' }]);
    expect(await removeBadDigest(registry, readme, 'user:root')).toBe(true);
  });

  it('of published versions go on although one of them cannot be carried out', async () => {
    const { submissionId, subject } = await submit('acme/gone');
    expect(await approveSubmission(registry, submissionId, 'user:rita')).toEqual({ ok: true });
    later(25 * 60 * MINUTE_MS);
    await rm(join(folder, 'packages', `${subject.sha256}.tgz`));
    await checkPublishedAgain(registry);
    const row = await registry.db
      .selectFrom('registry_versions')
      .select(['held_at', 'recheck_after'])
      .where('plugin_id', '=', 'acme/gone')
      .executeTakeFirstOrThrow();
    expect(row.held_at).toBeNull();
    expect(row.recheck_after?.getTime()).toBeGreaterThan(clock.getTime());
  });

  it('keep a publisher from filling the queue', async () => {
    const spare = await makePackage('acme/spare');
    const template = await registry.db.selectFrom('registry_submissions').selectAll().executeTakeFirstOrThrow();
    for (let n = 0; n < 100; n++)
      await registry.db
        .insertInto('registry_submissions')
        .values({
          ...template,
          submission_id: `sub_flood${n}`,
          plugin_id: 'acme/flood',
          version: `0.0.${n}`,
          author_envelope: JSON.stringify(template.author_envelope),
          state: 'in_review',
          submitted_by: 'user:ann',
        })
        .execute();
    expect(await publish(spare)).toMatchObject({ ok: false, code: 'SUBMISSIONS_FULL' });
    await registry.db.deleteFrom('registry_submissions').where('plugin_id', '=', 'acme/flood').execute();
    expect(await publish(spare)).toMatchObject({ ok: true });
  });

  it('leave a log that can be read and followed from outside', async () => {
    const entries = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Awaited<ReturnType<typeof logPage>> = await logPage(registry, after);
      entries.push(...page.items);
      after = page.next;
    }
    const head = await logHead(registry);
    expect(entries.at(-1)).toMatchObject({ seq: head.seq, hash: head.hash });
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(await firstBrokenEntry(registry.db, registry.key.publicKey)).toBeUndefined();
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReportInput } from '@patchbay/plugin-sdk/contract/rest/reports';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { findRelease } from '@patchbay/registry/catalogue/find-release';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import { logPage } from '@patchbay/registry/log/read-log';
import { decideReport } from '@patchbay/registry/moderation/decide-report';
import { listReports } from '@patchbay/registry/moderation/list-reports';
import { REPORTS_PER_DAY, reportPlugin } from '@patchbay/registry/moderation/report-plugin';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope } from '../../../test/support/plugin-packages.ts';
import { openStore, type Store } from '../store/open-store.ts';

const author = generateSigningKey();
const DAY_MS = 24 * 60 * 60 * 1000;

eachDatabase('reports about plugins', (newDatabase) => {
  let folder: string;
  let store: Store;
  let registry: Registry;
  let later = 0;
  const wrong: ReportInput = { version: '1.0.0', reason: 'data', text: 'It sends what it should not.' };
  const report = (plugin: string, by: string, about: Partial<ReportInput> = {}) =>
    reportPlugin(registry, plugin, { ...wrong, ...about }, by);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-reports-'));
    store = await openStore(await newDatabase());
    registry = await openRegistry({
      db: store.db as never,
      folder,
      checkTools: keptCheckTools(),
      now: () => new Date(Date.now() + later),
    });
    for (const id of ['acme/probe', 'acme/scope']) {
      const made = await makePackage(id);
      const envelope = releaseEnvelope(made, author);
      const { bytes } = made;
      const publisher = { name: 'user:ann', claims: true };
      const sent = await publishPackage(registry, { bytes, envelope, publicKey: author.publicKey, publisher });
      if (!sent.ok) throw new Error(sent.message);
      expect(await approveSubmission(registry, sent.submissionId, 'user:rita')).toEqual({ ok: true });
    }
  });
  afterAll(async () => {
    await closePluginRuns();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are about what is published, one at a time of each person and plugin', async () => {
    expect(await report('acme/probe', 'user:max', { version: '9.0.0' })).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    const both = await Promise.all([report('acme/probe', 'user:max'), report('acme/probe', 'user:max')]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ code: 'CONFLICT' });
    expect(await report('acme/probe', 'user:eva')).toMatchObject({ ok: true });
    expect(await listReports(registry, 'open')).toMatchObject([
      { plugin: 'acme/probe', reportedBy: 'user:max', reason: 'data', decidedBy: null },
      { reportedBy: 'user:eva' },
    ]);
  });

  it('are dismissed with a reason, once, and not by the owner of the plugin', async () => {
    const id = (await listReports(registry, 'open'))[0]?.id ?? '';
    const dismiss = { state: 'dismissed', reason: 'It is in the consent.' } as const;
    expect(await decideReport(registry, 'rpt_none', dismiss, 'user:rita')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await decideReport(registry, id, dismiss, 'user:ann')).toMatchObject({ code: 'OWN_SUBMISSION' });
    expect(await decideReport(registry, id, dismiss, 'user:rita')).toEqual({ ok: true });
    expect(await decideReport(registry, id, dismiss, 'user:rita')).toMatchObject({ code: 'CONFLICT' });
    expect(await listReports(registry, 'dismissed')).toMatchObject([
      { id, decidedBy: 'user:rita', decision: 'It is in the consent.' },
    ]);
    expect(await findRelease(registry, 'acme/probe')).toMatchObject({ state: 'published' });
  });

  it('hold the version, which is then no longer offered, and are in the decision log', async () => {
    const id = (await listReports(registry, 'open'))[0]?.id ?? '';
    const hold = { state: 'held', reason: 'It needs a look.' } as const;
    expect(await decideReport(registry, id, hold, 'user:rita')).toEqual({ ok: true });
    expect(await findRelease(registry, 'acme/probe')).toBeUndefined();
    expect(await findRelease(registry, 'acme/probe', '1.0.0')).toMatchObject({ state: 'held', reason: hold.reason });
    const { items } = await logPage(registry, 0);
    const actions = items.map(({ entry }) => (JSON.parse(entry) as { action: string }).action);
    expect(actions.slice(-3)).toEqual(['report.decided', 'report.decided', 'version.held']);
    expect(await firstBrokenEntry(registry.db, registry.key.publicKey)).toBeUndefined();
  });

  it('are so many a day of one person, whatever became of them', async () => {
    later = 2 * DAY_MS;
    for (let number = 0; number < REPORTS_PER_DAY; number++) {
      const made = await report('acme/scope', 'user:max');
      if (!made.ok) throw new Error(made.message);
      expect(await decideReport(registry, made.id, { state: 'acted', reason: 'Done.' }, 'user:rita')).toEqual({
        ok: true,
      });
    }
    expect(await report('acme/scope', 'user:max')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await report('acme/scope', 'user:eva')).toMatchObject({ ok: true });
    later = 4 * DAY_MS;
    expect(await report('acme/scope', 'user:max')).toMatchObject({ ok: true });
  });
});

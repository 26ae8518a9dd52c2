import { pluginReportListSchema } from '@patchbay/plugin-sdk/contract/rest/reports';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { read } from '../support/registry-road.ts';
import { DESK, expectUsable, press, type } from './usable.ts';
import { becomeOwner, seen, visit, type Visitor } from './visitor.ts';

const PLUGIN = 'patchbay/prometheus';

/** One walk, in order, by keyboard alone: a reviewer finds what is held, reads why, and releases it. */
describe('a published version that is held', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let visitor: Visitor;
  let page: Page;
  let version: string;

  beforeAll(async () => {
    host = await startHost(await newHostData());
    ({ version } = await offered());
    const report = { version, reason: 'malicious', text: 'It talks to somebody.' };
    await host.request(`/api/registry/plugins/${PLUGIN}/reports`, { body: report });
    const { items } = await read(await host.request('/api/registry/reports?state=open'), pluginReportListSchema);
    const decision = { state: 'held', reason: 'Its README names a server that nobody knows.' };
    const decided = await host.request(`/api/registry/reports/${items[0]?.id}/decision`, { body: decision });
    expect(decided.ok, await decided.text()).toBe(true);
    visitor = await visit(host, { viewport: DESK, colorScheme: 'light', reducedMotion: 'reduce' });
    page = visitor.page;
    await becomeOwner(page, host);
  });
  afterAll(async () => {
    await visitor?.close();
    await host?.stop();
  });

  const offered = async (query = '') =>
    read(
      await host.request(`/api/registry/plugins/${PLUGIN}${query}`),
      z.object({ version: z.string(), state: z.string() }),
    );
  const title = () => page.getByRole('heading', { name: `${PLUGIN} ${version} is held` });

  it('is shown under Review with the reason, on a desk and on a phone', async () => {
    expect((await offered(`?version=${version}`)).state).toBe('held');
    await page.goto('/review');
    await seen(page.getByText('Its README names a server that nobody knows.'));
    await expectUsable(page, title());
    await page.setViewportSize(DESK);
  });

  it('is released with a reason, and offered again', async () => {
    await press(page.getByRole('button', { name: 'Release', exact: true }), 'Enter');
    const dialog = page.getByRole('dialog');
    await type(dialog.getByLabel('Why'), 'The server is ours.');
    await press(dialog.getByRole('button', { name: 'Release it' }), 'Enter');
    await title().waitFor({ state: 'hidden' });
    expect((await offered()).state).toBe('published');
    expect(visitor.errors).toEqual([]);
  });
});

import type { Submission } from '@patchbay/plugin-sdk/contract/rest/registry';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { newPerson, type Person } from '../support/people.ts';
import { makePackage } from '../support/plugin-packages.ts';
import { approve, newReviewers, read, uploadPackage } from '../support/registry-road.ts';
import { DESK, expectUsable, press, type } from './usable.ts';
import { becomeOwner, seen, visit, type Visitor } from './visitor.ts';

const REASON = 'It mends a hole that is being used';

/** One walk, in order, by keyboard alone: the owner asks, an admin at another browser agrees. */
describe('an update that is held, in two browsers', () => {
  const newHostData = startedHostData();
  const key = generateSigningKey();
  let host: HostProcess;
  let reviewers: Person[];
  let ada: Visitor;
  let bea: Visitor;
  let path = '';

  const publish = async (version: string) => {
    const answer = await uploadPackage(host, await makePackage('acme/probe', { name: 'Probe', version }), key);
    await approve(host, (await answer.json()) as Submission, reviewers);
  };
  const installed = async () =>
    read(
      await host.request(`/api${path}`.replace('/installed/', '/installations/')),
      z.object({ version: z.string(), heldUpdate: z.object({ eligibleAt: z.string() }).nullable() }),
    );

  beforeAll(async () => {
    host = await startHost(await newHostData());
    reviewers = await newReviewers(host);
    await publish('1.0.0');
    const detail = z.object({ consent: z.object({ digest: z.string() }) });
    const { consent } = await read(await host.request('/api/plugins/acme/probe'), detail);
    const body = { plugin: 'acme/probe', consent: consent.digest };
    const { id } = await read(await host.request('/api/installations', { body }), z.object({ id: z.string() }));
    path = `/installed/${id}`;
    await publish('1.1.0');

    ada = await visit(host, { viewport: DESK, colorScheme: 'light', reducedMotion: 'reduce' });
    await becomeOwner(ada.page, host);
    const { session } = await newPerson(host, { name: 'Bea', role: 'admin' });
    bea = await visit(host, { viewport: DESK, colorScheme: 'light', reducedMotion: 'reduce' });
    const cookies = (session['cookie'] ?? '').split('; ').map((one) => one.split(/=(.*)/s));
    await bea.context.addCookies(cookies.map(([name = '', value = '']) => ({ name, value, url: host.url })));
  });
  afterAll(async () => {
    await ada?.close();
    await bea?.close();
    await host?.stop();
  });

  const held = (page: Page) => page.getByText(/^Version 1\.1\.0 is held until/);
  /** Looked at in light, in dark and on a phone, then at a desk again. */
  const usable = async (page: Page, shown: ReturnType<Page['getByText']>) => {
    await expectUsable(page, shown);
    await page.setViewportSize(DESK);
    await page.emulateMedia({ colorScheme: 'light' });
  };

  it('says so and until when, and offers no update', async () => {
    const { page } = ada;
    await page.goto('/installed');
    await press(page.getByRole('link', { name: 'Probe', exact: true }), 'Enter');
    await seen(held(page));
    const { heldUpdate } = await installed();
    const clock = `new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })`;
    const time = await page.evaluate<string>(`${clock}.format(Date.parse('${heldUpdate?.eligibleAt}'))`);
    expect(await held(page).textContent()).toContain(time);
    expect(await page.getByRole('link', { name: /^Update to/ }).count()).toBe(0);
    await usable(page, held(page));
    await page.goto(`${path}/update`);
    await seen(page.getByText('Version 1.1.0 is held', { exact: true }));
    expect(await page.getByRole('button', { name: /^Update to/ }).count()).toBe(0);
  });

  it('is asked for early, with a reason', async () => {
    const { page } = ada;
    await page.goto(path);
    await press(page.getByRole('button', { name: 'Ask to take it early' }), 'Enter');
    const dialog = page.getByRole('dialog', { name: 'Take Probe 1.1.0 early?' });
    const act = dialog.getByRole('button', { name: 'Ask another admin' });
    await seen(dialog);
    expect(await act.isDisabled()).toBe(true);
    await type(dialog.getByRole('textbox', { name: 'Why' }), REASON);
    await usable(page, dialog);
    await press(act, 'Enter');
    await dialog.waitFor({ state: 'hidden' });
    await seen(page.getByRole('main').getByText(`wants it before then: “${REASON}”`));
    // Not by who asked, and not yet.
    expect(await page.getByRole('button', { name: 'Confirm that it is taken early' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: /^Update to/ }).count()).toBe(0);
  });

  it('is confirmed and installed by somebody else', async () => {
    const { page } = bea;
    await page.goto(path);
    await seen(page.getByText(`wants it before then: “${REASON}”`));
    const confirm = page.getByRole('button', { name: 'Confirm that it is taken early' });
    await usable(page, confirm);
    await press(confirm, 'Enter');
    await held(page).waitFor({ state: 'hidden' });
    await press(page.getByRole('link', { name: 'Update to 1.1.0' }), 'Enter');
    await press(page.getByRole('button', { name: 'Update to 1.1.0' }), 'Enter');
    await seen(page.getByText('Probe is now at 1.1.0'));
    await seen(page.getByRole('link', { name: 'acme/probe 1.1.0' }));
    expect(await installed()).toMatchObject({ version: '1.1.0', heldUpdate: null });
  });

  it('put no error on the console', () => {
    expect([...ada.errors, ...bea.errors]).toEqual([]);
  });
});

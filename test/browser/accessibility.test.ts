import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { screens, type Screen } from './screens.ts';
import { seed, type Seeded } from './seed.ts';
import { DESK, expectUsable, hasFocus, press, type } from './usable.ts';
import { becomeOwner, seen, setupLink, visit, type Visitor } from './visitor.ts';

describe('everybody can use every screen', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let visitor: Visitor;
  let page: Page;
  let seeded: Seeded;

  beforeAll(async () => {
    host = await startHost({ ...(await newHostData()), environment: { EGRESS_ALLOW: '127.0.0.0/8' } });
    seeded = await seed(host);
    visitor = await visit(host, { viewport: DESK, colorScheme: 'light', reducedMotion: 'reduce' });
    page = visitor.page;
  });

  afterAll(async () => {
    await visitor?.close();
    await host?.stop();
    await seeded?.close();
  });

  it('setting up', async () => {
    await page.goto(setupLink(host));
    await check({ name: 'setup', path: () => setupLink(host) });
    await page.setViewportSize(DESK);
    await becomeOwner(page, host);
  });

  it.each(screens)('$name', async (screen) => {
    await page.setViewportSize(DESK);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(screen.path(seeded));
    await screen.act?.(page);
    await check(screen);
  });

  it('installs a plugin by keyboard', async () => {
    await page.setViewportSize(DESK);
    await page.goto('/marketplace/patchbay/jira');
    await press(page.getByRole('link', { name: /^Install once more/ }), 'Enter');
    await seen(page.getByRole('heading', { name: 'Install Jira Cloud', level: 1 }));
    await type(page.getByRole('textbox', { name: 'Site', exact: true }), seeded.jiraUrl);
    await page.keyboard.press('Escape');
    // What was typed is not thrown away by a slip: Escape asks, and Escape again goes back.
    await seen(page.getByRole('dialog', { name: 'Leave without installing?' }));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await type(page.getByRole('textbox', { name: 'E-mail of the account' }), 'bot@example.com');
    await type(page.getByRole('textbox', { name: 'Project key' }), 'OPS');
    await type(page.getByLabel(/^API token/), 'token-of-the-bot');
    await press(page.getByRole('button', { name: /^Install and allow/ }), 'Enter');
    await seen(page.getByRole('heading', { name: 'Jira Cloud is installed. What next?' }));
  });

  it('confirms a hard revocation by keyboard', async () => {
    await page.goto('/review');
    const waiting = page.getByRole('region', { name: 'Hard revocation of patchbay/pingdom' });
    await press(waiting.getByRole('button', { name: 'Confirm', exact: true }), 'Enter');
    const dialog = page.getByRole('dialog', { name: 'Revoke patchbay/pingdom everywhere?' });
    await seen(dialog);
    await press(dialog.getByRole('button', { name: 'Revoke everywhere' }), 'Enter');
    await waiting.waitFor({ state: 'hidden' });
  });

  it('acknowledges an incident by keyboard', async () => {
    await page.goto('/incidents');
    const link = page.getByRole('link', { name: 'Something critical happened to the checkout' });
    await seen(link);
    await press(link, 'Enter');
    const acknowledge = page.getByRole('button', { name: 'Acknowledge', exact: true });
    await seen(acknowledge);
    await press(acknowledge, 'Enter');
    const dialog = page.getByRole('dialog', { name: /^Acknowledge incident/ });
    await seen(dialog);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => hasFocus(acknowledge), { timeout: 20_000 }).toBe(true);
    await page.keyboard.press('Enter');
    await seen(dialog);
    // The focus waits on the act itself: Enter is enough.
    await expect
      .poll(() => hasFocus(dialog.getByRole('button', { name: 'Acknowledge' })), { timeout: 20_000 })
      .toBe(true);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await seen(page.getByRole('main').getByText('Acknowledged', { exact: true }));
  });

  it('signing in', async () => {
    await page.setViewportSize(DESK);
    // A page without live rows: none of them is read again while the session ends.
    await page.goto('/settings/account');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await check({
      name: 'sign in',
      path: () => '/sign-in',
      shows: () => page.getByRole('button', { name: 'Sign in' }),
    });
  });

  it('put no error on the console', () => {
    expect(visitor.errors).toEqual([]);
  });

  function check(screen: Screen): Promise<void> {
    return expectUsable(page, screen.shows?.(page) ?? page.getByRole('heading', { level: 1 }));
  }
});

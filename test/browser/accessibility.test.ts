import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { screens, type Screen } from './screens.ts';
import { seed, type Seeded } from './seed.ts';
import { becomeOwner, seen, setupLink, visit, type Visitor } from './visitor.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** No page has so many places to stop at. */
const TABS_MAX = 200;

/** What makes a page wider than its window; nothing where it fits. */
const BEYOND_THE_EDGE = `(({ scrollWidth, clientWidth }) =>
  scrollWidth <= clientWidth
    ? []
    : [...document.body.querySelectorAll('*')]
        .filter((one) => one.getBoundingClientRect().right > clientWidth)
        .map((one) => one.outerHTML.slice(0, 200))
)(document.documentElement)`;

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

  /** axe finds nothing in light and in dark, and a phone needs no horizontal scrolling. */
  async function check(screen: Screen): Promise<void> {
    const shown = screen.shows?.(page) ?? page.getByRole('heading', { level: 1 });
    await seen(shown);
    const wrong: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await settled();
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      for (const { id, nodes } of violations)
        for (const node of nodes) wrong.push(`${colorScheme}: ${id}: ${node.html}\n${node.failureSummary ?? ''}`);
    }
    expect(wrong).toEqual([]);
    await page.setViewportSize(PHONE);
    await seen(shown);
    await settled();
    expect(await page.evaluate<string[]>(BEYOND_THE_EDGE)).toEqual([]);
  }

  /** Colours are judged when nothing moves any more; what moves for ever is not waited for. */
  async function settled(): Promise<void> {
    await page.evaluate(`Promise.allSettled(
      document.getAnimations()
        .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished)
    ).then(() => new Promise((resolve) => requestAnimationFrame(resolve))).then(() => undefined)`);
  }

  async function press(target: Locator, key: string): Promise<void> {
    await tabTo(target);
    await page.keyboard.press(key);
  }

  async function type(target: Locator, text: string): Promise<void> {
    await tabTo(target);
    await page.keyboard.type(text);
  }

  async function tabTo(target: Locator): Promise<void> {
    await seen(target);
    for (let at = 0; at < TABS_MAX; at++) {
      if (await hasFocus(target)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${target.toString()}`);
  }

  function hasFocus(target: Locator): Promise<boolean> {
    return target.evaluate((element) => element.matches(':focus'));
  }
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { seen } from './visitor.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
export const DESK = { width: 1280, height: 900 };
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

/** axe finds nothing in light and in dark, and a phone needs no horizontal scrolling. Ends at the width of a phone. */
export async function expectUsable(page: Page, shown: Locator): Promise<void> {
  await seen(shown);
  const wrong: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    // In the page itself: the other way opens a blank page for each look, which only pages with frames need.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
    for (const { id, nodes } of violations)
      for (const node of nodes) wrong.push(`${colorScheme}: ${id}: ${node.html}\n${node.failureSummary ?? ''}`);
  }
  expect(wrong).toEqual([]);
  await page.setViewportSize(PHONE);
  await seen(shown);
  await settled(page);
  expect(await page.evaluate<string[]>(BEYOND_THE_EDGE)).toEqual([]);
}

/** Colours are judged when nothing moves any more; what moves for ever is not waited for. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(`Promise.allSettled(
    document.getAnimations()
      .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
      .map((one) => one.finished)
  ).then(() => new Promise((resolve) => requestAnimationFrame(resolve))).then(() => undefined)`);
}

/** Goes there with Tab alone, and presses a key. */
export async function press(target: Locator, key: string): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press(key);
}

/** Goes there with Tab alone, and types. */
export async function type(target: Locator, text: string): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.type(text);
}

async function tabTo(target: Locator): Promise<void> {
  await seen(target);
  for (let at = 0; at < TABS_MAX; at++) {
    if (await hasFocus(target)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target.toString()}`);
}

export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element: { matches(selector: string): boolean }) => element.matches(':focus'));
}

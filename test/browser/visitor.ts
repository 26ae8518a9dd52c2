import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import type { HostProcess } from '../support/host-process.ts';

/** The first owner, as they set themselves up. */
export const owner = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' } as const;

/** Somebody at a browser: one page, and everything that went wrong on it. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the page's console and exceptions of its scripts, in order. */
  readonly errors: string[];
  close(): Promise<void>;
}

// Far above what a busy machine needs: it only ends a test that would never end.
const PATIENCE_MS = 60_000;

/** Opens a Chromium at the host. Links without an address of their own lead to the host. */
export async function visit(
  host: Pick<HostProcess, 'url' | 'output'>,
  options: Parameters<Browser['newContext']>[0] = { viewport: { width: 1280, height: 900 } },
): Promise<Visitor> {
  const browser = await openBrowser();
  const context = await browser.newContext({ baseURL: host.url, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: host.url });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()} ${message.location().url}`);
  });
  return { page, context, errors, close: () => browser.close() };
}

/** The link for the first owner, as the host printed it. */
export function setupLink(host: Pick<HostProcess, 'url' | 'output'>): string {
  const link = /http:\/\/\S+\/setup\?code=\S+/.exec(host.output())?.[0];
  if (link === undefined) throw new Error(`The host printed no setup link:\n${host.output()}`);
  return link;
}

/** Follows the setup link and becomes the owner; ends on the incidents page. */
export async function becomeOwner(page: Page, host: Pick<HostProcess, 'url' | 'output'>): Promise<void> {
  await page.goto(setupLink(host));
  await page.getByRole('textbox', { name: 'Your name' }).fill(owner.name);
  await page.getByRole('textbox', { name: 'Email' }).fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Create owner and sign in' }).click();
  await seen(page.getByRole('heading', { name: 'Incidents', level: 1 }));
}

/** Waits until it can be seen. @returns the same, so that it can be used at once */
export async function seen(locator: Locator): Promise<Locator> {
  await locator.first().waitFor({ state: 'visible' });
  return locator;
}

import { existsSync } from 'node:fs';
import chromiumPackage from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

// A browser under test talks to the page's host and to nobody else.
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** The Chromium that tests use: one of the system if there is any, else the one that an npm package carries. */
export async function findBrowser(): Promise<{ path: string; args: string[]; from: 'system' | 'npm' }> {
  const system = SYSTEM_BROWSERS.find((path) => existsSync(path));
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (system !== undefined) return { path: system, args: [...QUIET, ...asRoot], from: 'system' };
  chromiumPackage.setGraphicsMode = false;
  // It is built for places without a sandbox of their own and starts only with the flags that it brings.
  const path = await chromiumPackage.executablePath();
  return { path, args: [...QUIET, ...chromiumPackage.args, '--no-sandbox'], from: 'npm' };
}

/** Starts a headless Chromium. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const { path, args } = await findBrowser();
  return chromium.launch({ executablePath: path, args, headless: true });
}

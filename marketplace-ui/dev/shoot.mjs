// Pictures and accessibility of screens, from `npx vite --mode fake` (default http://127.0.0.1:5173).
//   node marketplace-ui/dev/shoot.mjs OUT_FOLDER [--as viewer|nobody|fresh] [--only light,dark,phone] [--url URL] NAME=PATH ...
// Writes NAME-light.png, NAME-dark.png, NAME-phone.png and prints what axe (WCAG 2.2 AA) finds in each.
// NAME=PATH@SELECTOR presses SELECTOR first, to look at what opens.
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(new URL('../../test/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(`--${name}`);
  return at === -1 ? fallback : args.splice(at, 2)[1];
};
const who = option('as', 'owner');
const only = option('only', 'light,dark,phone').split(',');
const base = option('url', 'http://127.0.0.1:5173');
const [out, ...screens] = args;
mkdirSync(out, { recursive: true });

const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
};
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
let found = 0;
for (const name of only) {
  const context = await browser.newContext({ ...looks[name], reducedMotion: 'reduce', locale: 'en-GB' });
  if (who !== 'nobody') await context.addCookies([{ name: 'patchbay_session', value: who, url: base }]);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  for (const screen of screens) {
    const [, file, path, press] = /^([^=]+)=([^@]+)(?:@(.+))?$/.exec(screen);
    await page.goto(base + path, { waitUntil: 'load' });
    await page
      .waitForFunction(() => document.querySelector('h1') && !document.querySelector('[aria-label="Loading"]'), null, {
        timeout: 20_000,
      })
      .catch(() => complaints.push(`${path}: no heading`));
    await page.waitForTimeout(250);
    for (const selector of press ? press.split('>>>') : []) {
      await page.locator(selector).first().click();
      await page.waitForTimeout(350);
    }
    await page.screenshot({ path: join(out, `${file}-${name}.png`), fullPage: name === 'phone' && !press });
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    for (const { id, help, nodes } of violations) {
      found += nodes.length;
      console.log(`${file} ${name}: ${id}: ${help}`);
      for (const node of nodes.slice(0, 4))
        console.log(
          `    ${node.target.join(' ')}\n      ${node.html.slice(0, 160)}\n      ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`,
        );
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) console.log(`${file} ${name}: the page is ${wide} px too wide`);
  }
  for (const text of new Set(complaints)) console.log(`console (${name}): ${text.slice(0, 400)}`);
  await context.close();
}
await browser.close();
console.log(found === 0 ? 'axe found nothing' : `axe found ${found}`);

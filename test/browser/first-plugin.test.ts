import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { becomeOwner, seen, visit, type Visitor } from './visitor.ts';

const CLI = fileURLToPath(new URL('../../plugin-sdk/dist/cli.mjs', import.meta.url));
const GUIDE = fileURLToPath(new URL('../../docs/guides/first-plugin.md', import.meta.url));

/** docs/guides/first-plugin.md as a newcomer follows it: its commands, and the words that it has for the pages, in order. */
describe('the guide to a first plugin', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let author: Visitor;
  let reviewer: Visitor | undefined;
  let folder: string;
  let guide: string;

  beforeAll(async () => {
    guide = await readFile(GUIDE, 'utf8');
    folder = await mkdtemp(join(tmpdir(), 'patchbay-guide-'));
    host = await startHost(await newHostData());
    author = await visit(host);
    await becomeOwner(author.page, host);
  });
  afterAll(async () => {
    await reviewer?.close();
    await author?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A command as it stands in the guide, but for what a person puts in. */
  async function follow(command: string, put: Record<string, string> = {}) {
    expect(guide, 'the guide').toContain(`npm run -s patchbay -- ${command}`);
    const args = command.split(' ').map((word) => put[word] ?? word);
    const configuration = join(folder, 'configuration');
    const env = { ...process.env, XDG_CONFIG_HOME: configuration, APPDATA: configuration };
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, said: output + errors };
  }
  const open = async (page: Page, ...names: string[]) => {
    for (const name of names) await page.getByRole('link', { name, exact: true }).first().click();
  };
  const copied = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');
  const shownOnce = async (page: Page): Promise<string> => {
    const dialog = page.getByRole('dialog');
    const secret = await dialog.locator('pre, code').first().textContent();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    return secret?.trim() ?? '';
  };

  it('makes a plugin that passes', async () => {
    expect(await follow('init acme/weather --template ingest')).toMatchObject({ code: 0 });
    expect(await follow('test weather')).toMatchObject({
      code: 0,
      said: expect.stringContaining('3 passed, 0 failed'),
    });
  });

  it('publishes it with a token', async () => {
    const { page } = author;
    await open(page, 'Settings', 'API tokens');
    await page.getByRole('button', { name: 'Create token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('My machine');
    await dialog.getByRole('checkbox', { name: 'Write' }).check();
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await seen(page.getByRole('dialog', { name: 'Copy the token now' }));
    const token = await shownOnce(page);
    const put = { 'http://127.0.0.1:3000': host.url, TOKEN: token };
    expect(await follow('login --registry http://127.0.0.1:3000 --token TOKEN', put)).toMatchObject({ code: 0 });
    expect(await follow('publish weather --claim')).toMatchObject({ code: 3 });
  });

  it('has somebody else approve it', async () => {
    const { page } = author;
    await open(page, 'Members');
    await page.getByRole('button', { name: 'Add member' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Rita');
    await dialog.getByRole('textbox', { name: 'Email' }).fill('rita@example.com');
    await dialog.getByRole('radio', { name: /^Viewer/ }).check();
    await dialog.getByRole('button', { name: 'Add and show password' }).click();
    await seen(page.getByText('I have copied it'));
    const password = await shownOnce(page);
    await open(page, 'Registry roles');
    await page.getByRole('checkbox', { name: 'Rita: reviewer' }).click();
    await seen(page.getByText('Rita is now reviewer of the registry'));

    reviewer = await visit(host);
    await reviewer.page.goto('/');
    await reviewer.page.getByRole('textbox', { name: 'Email' }).fill('rita@example.com');
    await reviewer.page.getByLabel('Password', { exact: true }).fill(password);
    await reviewer.page.getByRole('button', { name: 'Sign in' }).click();
    await open(reviewer.page, 'Review', 'acme/weather 0.1.0');
    await reviewer.page.getByRole('button', { name: 'Approve and publish' }).click();
    await seen(reviewer.page.getByRole('main').getByText('Published', { exact: true }));
  });

  it('installs it, and takes an alert', async () => {
    const { page } = author;
    await page.goto('/marketplace?q=weather');
    await open(page, 'Weather', 'Review permissions and install');
    await page.getByRole('button', { name: 'Install', exact: true }).click();
    await open(page, 'Add an integration');
    await page.getByRole('textbox', { name: 'Name' }).fill('My weather');
    await page.getByRole('button', { name: 'Add the integration' }).click();
    await page.getByRole('tab', { name: 'Connect a sender' }).click();
    await page.getByRole('button', { name: 'Copy the URL' }).click();
    await expect.poll(() => copied(page)).toContain('integrationId=');
    const url = await copied(page);
    await page.getByRole('button', { name: 'Copy the key' }).click();
    await expect.poll(() => copied(page)).not.toBe(url);
    const body = '{"alert":"Disk full","host":"db-1","state":"firing"}';
    expect(guide).toContain(`--data-binary '${body}'`);
    const headers = { authorization: `Bearer ${await copied(page)}`, 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(202);
    await open(page, 'Incidents');
    await seen(page.getByText('Disk full on db-1'));
  });

  it('put no error on the console', () => {
    // Who is signed out is told so by a 401.
    const signedOut = /status of 401 .*\/api\/session$/;
    expect([...author.errors, ...(reviewer?.errors ?? [])].filter((error) => !signedOut.test(error))).toEqual([]);
  });
});

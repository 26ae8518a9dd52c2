import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { newPerson } from '../support/people.ts';
import { becomeOwner, seen, visit, type Visitor } from './visitor.ts';

const CLI = fileURLToPath(new URL('../../plugin-sdk/dist/cli.mjs', import.meta.url));

/** One walk, in order: the author works on the command line, the reviewer and operator in the browser. */
describe('the road of a plugin, from its author’s folder to its end', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let visitor: Visitor;
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-road-'));
    host = await startHost(await newHostData());
    visitor = await visit(host);
    page = visitor.page;
    await becomeOwner(page, host);
  });
  afterAll(async () => {
    await visitor?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function patchbay(...args: string[]) {
    const configuration = join(folder, 'configuration');
    const env = { ...process.env, XDG_CONFIG_HOME: configuration, APPDATA: configuration };
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, said: output + errors };
  }
  const open = (name: string) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

  it('is published from the command line, and held', async () => {
    expect(await patchbay('init', 'acme/probe')).toMatchObject({ code: 0 });
    const login = ['--registry', host.url, '--token', host.token];
    expect(await patchbay('login', ...login)).toMatchObject({ code: 0 });
    expect(await patchbay('publish', 'probe', '--key', 'author.pem')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Nobody has the namespace "acme" yet'),
    });
    expect((await host.request('/api/registry/namespaces', { body: { namespace: 'acme' } })).status).toBe(201);
    const published = await patchbay('publish', 'probe', '--key', 'author.pem');
    expect(published).toMatchObject({ code: 3, said: expect.stringContaining('held: it waits for a reviewer') });
    expect(await patchbay('status', 'acme/probe')).toMatchObject({ code: 3, said: expect.stringContaining('held') });
    await page.goto('/marketplace?q=probe');
    await seen(page.getByRole('heading', { name: /^No plugin/ }));
  });

  it('is sent back by a reviewer, whose words the author reads', async () => {
    await open('Review');
    await page.getByRole('table', { name: 'Submissions' }).getByRole('link', { name: 'acme/probe 0.1.0' }).click();
    await seen(page.getByRole('heading', { name: 'Probe 0.1.0', level: 1 }));
    await page.getByRole('button', { name: 'Ask for changes' }).click();
    await seen(page.getByText('Say why: the author has to know what to change.'));
    await page.getByRole('textbox', { name: 'In words' }).fill('Say in the README who sends this.');
    await page.getByRole('button', { name: 'Ask for changes' }).click();
    await seen(page.getByRole('main').getByText('Sent back', { exact: true }));
    expect(await patchbay('status', 'acme/probe')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Say in the README who sends this.'),
    });
  });

  it('is corrected, read and approved', async () => {
    await writeFile(join(folder, 'probe/README.md'), '# Probe\n\nSent by the probe of Acme.\n');
    expect(await patchbay('publish', 'probe', '--key', 'author.pem')).toMatchObject({ code: 3 });
    await open('Review');
    await page.getByRole('table', { name: 'Submissions' }).getByRole('link', { name: 'acme/probe 0.1.0' }).click();
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.getByRole('combobox', { name: 'File' }).selectOption('README.md');
    await seen(page.getByRole('region', { name: 'Difference of README.md' }).getByText('Sent by the probe of Acme.'));
    await page.getByRole('tab', { name: 'Behaviour' }).click();
    await seen(page.getByRole('tabpanel').getByText('firing.json'));
    await page.getByRole('tab', { name: 'Checks' }).click();
    await seen(page.getByRole('tabpanel').getByText('reproduction', { exact: true }));
    await page.getByRole('button', { name: 'Approve and publish' }).click();
    await seen(page.getByRole('main').getByText('Published', { exact: true }));
    expect(await patchbay('status', 'acme/probe')).toMatchObject({ code: 0 });
  });

  it('is found in the catalogue and installed', async () => {
    await page.goto('/marketplace?q=probe');
    await page.getByRole('link', { name: 'Probe' }).click();
    await page.getByRole('link', { name: 'Review permissions and install' }).click();
    await page.getByRole('button', { name: 'Install', exact: true }).click();
    await seen(page.getByRole('heading', { name: 'Probe is installed. What next?' }));
  });

  it('is revoked, and stops where it is installed', async () => {
    await open('Review');
    await page.getByRole('link', { name: 'Revocations' }).click();
    await page.getByRole('textbox', { name: 'Plugin' }).fill('acme/probe');
    await page.getByRole('textbox', { name: 'Versions' }).fill('*');
    await page.getByRole('textbox', { name: 'Why' }).fill('It tells strangers.');
    await seen(page.getByText('1 version (0.1.0), 1 installation.'));
    await page.getByRole('button', { name: 'Revoke 1 version' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke 1 version' }).click();
    const revoked = page.getByRole('table', { name: 'Revoked versions' });
    await seen(revoked.getByText('It tells strangers.'));
    await seen(page.getByText('1 of 1 host has the newest list'));
    await open('Installed');
    await page.getByRole('link', { name: 'Probe' }).click();
    await seen(page.getByRole('heading', { name: 'Probe', level: 1 }));
    await seen(page.getByText('Quarantined').first());
    const again = await patchbay('versions', 'acme/probe');
    expect(again.said).toContain('revoked: It tells strangers.');
    expect(await patchbay('status', 'acme/probe')).toMatchObject({
      code: 1,
      said: expect.stringContaining('revoked: it was published, and runs nowhere any more'),
    });
    await page.goto('/review?state=published&q=acme');
    await seen(page.getByRole('row', { name: /acme\/probe.*Revoked/ }));
  });

  it('shares a namespace with others, and leaves it to one of them', async () => {
    await newPerson(host, { name: 'Nia', registryRoles: ['author'] });
    await open('Publish');
    await page.getByRole('tab', { name: 'Namespaces' }).click();
    await page.getByRole('textbox', { name: 'Namespace' }).fill('shop');
    await page.getByRole('button', { name: 'Claim' }).click();
    const members = page.getByRole('table', { name: 'Members of shop' });
    await seen(members.getByText('(you)'));
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Email' }).fill('nia@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Add member' }).click();
    await seen(members.getByText('Nia'));
    await page.getByRole('button', { name: 'Transfer' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Email' }).fill('nia@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
    await members.waitFor({ state: 'detached' });
  });

  it('shows whose publisher changed, and takes updates again when an admin agrees', async () => {
    await newPerson(host, { name: 'Bea', registryRoles: ['author'] });
    const transfer = await host.request('/api/registry/namespaces/acme/transfer', {
      body: { email: 'bea@example.com' },
    });
    expect(transfer.status).toBe(204);
    await open('Installed');
    await page.getByRole('link', { name: 'Probe' }).click();
    await seen(page.getByText('The publisher “acme” has changed'));
    await page.getByRole('button', { name: 'Take updates again' }).click();
    await page.getByText('The publisher “acme” has changed').waitFor({ state: 'detached' });
  });

  it('put no error on the console', () => {
    expect(visitor.errors).toEqual([]);
  });
});

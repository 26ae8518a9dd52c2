import { mkdir } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { makePackage, releaseEnvelope } from '../support/plugin-packages.ts';
import { DESK, expectUsable, press, type } from './usable.ts';
import { becomeOwner, seen, visit, type Visitor } from './visitor.ts';

/** Set: pictures of every screen go there. */
const PICTURES = process.env.PATCHBAY_PICTURES;

/** One walk, in order: an author with a plugin in the catalogue, who reviews too, and somebody who reports. */
describe('authors, reviewers and those who report', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    host = await startHost(await newHostData());
    visitor = await visit(host, { viewport: DESK, colorScheme: 'light', reducedMotion: 'reduce' });
    page = visitor.page;
    await becomeOwner(page, host);
    await publish();
  });
  afterAll(async () => {
    await visitor?.close();
    await host?.stop();
  });

  const region = (name: string) => page.getByRole('region', { name });
  const dialog = () => page.getByRole('dialog');

  async function usable(name: string, shown: Locator): Promise<void> {
    await seen(shown);
    if (PICTURES !== undefined) await takePictures(name, PICTURES);
    await expectUsable(page, shown);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(DESK);
  }

  async function takePictures(name: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.screenshot({ path: `${folder}/${name}-phone.png`, fullPage: true });
    await page.setViewportSize(DESK);
  }

  /** The person at the browser uploads with a token of theirs, and whoever runs the host approves. */
  async function publish(): Promise<void> {
    const made = await makePackage('acme/probe');
    const { token } = z.object({ token: z.string() }).parse(
      await page.evaluate(`fetch('/api/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-patchbay-request': '1' },
        body: JSON.stringify({ name: 'Publishing', scopes: ['read', 'write'] }),
      }).then((answer) => answer.json())`),
    );
    const key = generateSigningKey();
    const inHeader = (text: string): string => Buffer.from(text).toString('base64');
    const answer = await fetch(`${host.url}/api/registry/plugins`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/gzip',
        'x-patchbay-claim': 'yes',
        'x-patchbay-envelope': inHeader(JSON.stringify(releaseEnvelope(made, key))),
        'x-patchbay-key': inHeader(publicKeyPem(key.publicKey)),
      },
      body: new Uint8Array(made.bytes),
    });
    const { submissionId } = z.object({ submissionId: z.string() }).parse(await answer.json());
    const body = { sha256: made.sha256, note: '' };
    const approved = await host.request(`/api/registry/submissions/${submissionId}/approve`, { body });
    expect(approved.status, await approved.clone().text()).toBe(200);
  }

  it('an author sees every check with its time', async () => {
    await page.goto('/publishing?tab=submissions');
    await page.getByRole('link', { name: 'acme/probe 1.0.0' }).click();
    const checks = region('Checks').getByRole('listitem');
    await seen(checks);
    expect(await checks.count()).toBe(requiredChecks.length);
    expect(await region('Checks').locator('time').count()).toBe(requiredChecks.length);
    await usable('submission', region('Checks'));
  });

  it('an author sees their tokens, and what is said of errors', async () => {
    await page.goto('/publishing?tab=tokens');
    await usable('tokens', page.getByRole('table', { name: 'Your API tokens that may write' }).getByText('Publishing'));
    await page.goto('/publishing');
    await seen(region('Errors').getByText('No error of your plugins was seen by 3 groups or more.'));
  });

  it('a plugin is deprecated by keyboard, and everybody is told what to use instead', async () => {
    await page.goto('/publishing');
    await press(page.getByRole('button', { name: /^Deprecate / }), 'Enter');
    await type(dialog().getByRole('textbox', { name: 'Why' }), 'The probe is sold no more.');
    await type(dialog().getByRole('textbox', { name: 'Use instead' }), 'patchbay/prometheus');
    await usable('deprecating', dialog());
    await press(dialog().getByRole('button', { name: /^Deprecate / }), 'Enter');
    await seen(page.getByRole('main').getByText('Deprecated', { exact: true }));
    await usable('own-plugins', page.getByRole('link', { name: 'patchbay/prometheus' }));
    for (const [name, path] of [
      ['plugin', '/marketplace/acme/probe'],
      ['installing', '/marketplace/acme/probe/install'],
    ] as const) {
      await page.goto(path);
      await seen(page.getByRole('main').getByText('Deprecated', { exact: true }));
      await usable(name, page.getByRole('link', { name: 'patchbay/prometheus' }));
    }
    await page.getByRole('button', { name: 'Install', exact: true }).click();
    await seen(page.getByRole('heading', { name: /is installed. What next\?$/ }));
    await seen(page.getByText('It goes on running here.'));
    await page.goto('/installed');
    await usable('installed', page.getByRole('row', { name: /Deprecated/ }).getByRole('link', { name: 'Probe' }));
    const made = await host.request('/api/integrations', { body: { type: 'probe', name: 'Probes' } });
    const { id } = z.object({ id: z.string() }).parse(await made.json());
    await page.goto(`/integrations/${id}`);
    await usable('integration', page.getByText(/That is the plugin behind this integration/));
  });

  it('a deprecated plugin is marked in the catalogue', async () => {
    await page.goto('/marketplace?q=probe');
    await usable('catalogue', page.getByRole('listitem').filter({ hasText: 'Probe' }).getByText('Deprecated'));
  });

  it('it is taken back', async () => {
    await page.goto('/publishing');
    await page.getByRole('button', { name: /^Undo the deprecation/ }).click();
    await seen(page.getByRole('button', { name: /^Deprecate / }));
  });

  it('a version is reported, once, and dismissed with a reason', async () => {
    await page.goto('/marketplace/patchbay/jira');
    await press(page.getByRole('button', { name: 'Report a problem' }), 'Enter');
    await dialog().getByRole('combobox', { name: 'What is the matter' }).selectOption('It does not work as it says');
    await type(
      dialog().getByRole('textbox', { name: 'In words' }),
      'It makes no ticket of an incident that comes back.',
    );
    await usable('reporting', dialog());
    await press(dialog().getByRole('button', { name: 'Send the report' }), 'Enter');
    await dialog().waitFor({ state: 'hidden' });
    await page.goto('/review');
    await page.getByRole('link', { name: 'Reports' }).click();
    await usable('reports', page.getByText('It makes no ticket of an incident that comes back.'));
    await press(page.getByRole('button', { name: 'Dismiss' }), 'Enter');
    await type(dialog().getByRole('textbox', { name: 'Why' }), 'It does, by a setting.');
    await usable('dismissing', dialog());
    await press(dialog().getByRole('button', { name: 'Dismiss it' }), 'Enter');
    await seen(page.getByRole('heading', { name: 'No report waits' }));
    await page.getByText('Dismissed', { exact: true }).click();
    await seen(page.getByText('It does, by a setting.'));
  });

  it('an author says that their key is lost, and reads what was decided', async () => {
    await page.goto('/publishing?tab=namespaces');
    await press(region('acme').getByRole('button', { name: 'Key lost' }), 'Enter');
    const { publicKey } = generateSigningKey();
    await dialog().getByRole('textbox', { name: 'Public half of the new key' }).fill(publicKeyPem(publicKey));
    await type(dialog().getByRole('textbox', { name: 'What became of the old key' }), 'It was on a stolen laptop.');
    await usable('lost-key', dialog());
    await press(dialog().getByRole('button', { name: 'Ask for the new key' }), 'Enter');
    await usable('asked-for', region('What you asked for').getByText('Waits for an admin'));
    const waiting = z
      .object({ items: z.array(z.object({ id: z.string() })) })
      .parse(await (await host.request('/api/registry/namespace-requests')).json());
    const decision = `/api/registry/namespace-requests/${waiting.items[0]?.id}/decision`;
    const body = { grant: false, reason: 'Call us first.' };
    expect((await host.request(decision, { body })).status).toBe(204);
    await page.reload();
    await usable('decided', region('What you asked for').getByText('Call us first.'));
  });

  it('an admin of the registry decides about a name that is reserved', async () => {
    const body = { namespace: 'github', reason: 'We are GitHub.' };
    expect((await host.request('/api/registry/namespaces', { body })).status).toBe(201);
    await page.goto('/review');
    await page.getByRole('link', { name: 'Namespaces' }).click();
    await usable('namespace-requests', page.getByText('We are GitHub.'));
    await press(page.getByRole('button', { name: 'Give github to operator' }), 'Enter');
    await type(dialog().getByRole('textbox', { name: 'Why' }), 'They answered from their domain.');
    await usable('deciding-namespace', dialog());
    await press(dialog().getByRole('button', { name: 'Give github away' }), 'Enter');
    await seen(page.getByRole('heading', { name: 'Nobody asks for a namespace or a key' }));
  });

  it('a check is weakened only with a reason, which the log keeps', async () => {
    await page.goto('/review/checks');
    const enforced = page.getByRole('checkbox', { name: 'licence is enforced' });
    await seen(enforced);
    expect(await page.getByRole('checkbox', { name: 'imports is enabled' }).isDisabled()).toBe(true);
    await press(enforced, 'Space');
    await seen(dialog().getByText(/a finding is only shown/));
    expect(await dialog().getByRole('button', { name: 'Only show findings' }).isDisabled()).toBe(true);
    await type(dialog().getByRole('textbox', { name: 'Why' }), 'Our licences have no names.');
    await usable('weakening', dialog());
    await press(dialog().getByRole('button', { name: 'Only show findings' }), 'Enter');
    await seen(region('Changes').getByText('Our licences have no names.'));
    expect(await enforced.isChecked()).toBe(false);
    await usable('checks', region('Changes').getByText('made, not enforced, required'));
  });

  it('put no error on the console', () => {
    expect(visitor.errors).toEqual([]);
  });
});

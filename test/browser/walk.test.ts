import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJira, type JiraStandIn } from '../fakes/jira/jira-server.ts';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { until } from '../support/until.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { becomeOwner, owner, seen, visit, type Visitor } from './visitor.ts';

const TOKEN = 'token-of-the-walk';
const SUMMARY = 'Checkout answers slowly on shop-1';

/** One walk, in order: each step begins where the one before it ended. */
describe('from the setup link to a ticket, in a browser', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let jira: JiraStandIn;
  let visitor: Visitor;
  let page: Page;
  /** As read from the page, not from the API: what a person would enter at the sender. */
  const sender = { url: '', key: '' };

  beforeAll(async () => {
    jira = await startJira({ email: owner.email, apiToken: TOKEN });
    host = await startHost({ ...(await newHostData()), environment: { EGRESS_ALLOW: '127.0.0.0/8' } });
    visitor = await visit(host);
    page = visitor.page;
  });

  afterAll(async () => {
    await visitor?.close();
    await host?.stop();
    await jira?.close();
  });

  it('makes the first owner from the link on the console', async () => {
    await becomeOwner(page, host);
    await seen(page.getByRole('heading', { name: 'No incident yet' }));
  });

  it('finds a plugin and shows what it may do', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Marketplace' }).click();
    const plugins = page.getByRole('list', { name: 'Plugins' });
    await seen(plugins.getByRole('heading', { name: 'Sentry' }));
    await page.getByRole('searchbox', { name: 'Search plugins' }).fill('tickets');
    await plugins.getByRole('heading', { name: 'Sentry' }).waitFor({ state: 'hidden' });
    await plugins.getByRole('link', { name: 'Jira Cloud' }).click();
    await seen(page.getByRole('heading', { name: 'Jira Cloud', level: 1 }));
    await page.getByRole('tab', { name: 'Permissions' }).click();
    await seen(page.getByRole('tabpanel').getByText('/rest/api/3/'));
    await page.getByRole('link', { name: 'Review permissions and install' }).click();
  });

  it('installs it with consent, settings and a secret', async () => {
    await seen(page.getByRole('heading', { name: 'Install Jira Cloud', level: 1 }));
    await page.getByRole('textbox', { name: 'Site', exact: true }).fill(jira.url);
    await page.getByRole('textbox', { name: 'E-mail of the account' }).fill(owner.email);
    await page.getByRole('button', { name: /^Install and allow/ }).click();
    // Nothing was sent: the project key is missing, and the focus is on it.
    const project = page.getByRole('textbox', { name: 'Project key' });
    await expect.poll(() => project.evaluate((field) => field.matches(':focus'))).toBe(true);
    await project.fill('OPS');
    await page.getByLabel(/^API token/).fill(TOKEN);
    const mayReach = page.getByRole('region', { name: 'What it may do' }).getByText(new URL(jira.url).hostname);
    await seen(mayReach);
    await page.getByRole('button', { name: /^Install and allow/ }).click();
    await seen(page.getByRole('heading', { name: 'Jira Cloud is installed. What next?' }));
  });

  it('routes incidents to it', async () => {
    await page.getByRole('button', { name: 'Route incidents to Jira Cloud' }).click();
    const dialog = page.getByRole('dialog', { name: 'Route incidents to Jira Cloud' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Everything to Jira');
    await dialog.getByRole('button', { name: 'Start routing' }).click();
    await seen(page.getByRole('heading', { name: 'Everything to Jira' }));
  });

  it('adds an integration to a service', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Services' }).click();
    await page.getByRole('link', { name: 'Default service' }).click();
    await page.getByRole('link', { name: 'Add an integration' }).click();
    await page.getByRole('radio', { name: /prometheus/ }).check();
    await page.getByRole('textbox', { name: 'Name' }).fill('Alerts of the shop');
    await page.getByRole('button', { name: 'Add the integration' }).click();
    await seen(page.getByRole('heading', { name: 'Alerts of the shop', level: 1 }));
  });

  it('copies what the sender needs', async () => {
    await page.getByRole('tab', { name: 'Connect a sender' }).click();
    await page.getByRole('button', { name: 'Copy the URL' }).click();
    await seen(page.getByRole('button', { name: 'Copied' }));
    sender.url = await clipboard();
    await page.getByRole('button', { name: 'Copy the key' }).click();
    await expect.poll(clipboard).not.toBe(sender.url);
    sender.key = await clipboard();
    expect(sender.url).toMatch(new RegExp(`^${host.url}/api/integrations/prometheus\\?integrationId=int_`));
    // It is read over no shoulder until somebody asks.
    expect(await page.getByText(sender.key).count()).toBe(0);
    await page.getByRole('button', { name: 'Show the key' }).click();
    await seen(page.getByText(sender.key, { exact: true }));
  });

  it('sends a test event from the page', async () => {
    await page.getByRole('button', { name: 'Send a test event' }).click();
    const dialog = page.getByRole('dialog', { name: /^Send a test event/ });
    await dialog.getByRole('button', { name: 'Send the test event' }).click();
    const outcome = dialog.getByRole('status', { name: 'What became of it' });
    await seen(outcome.getByText('202', { exact: true }));
    await seen(outcome.getByRole('link', { name: /^opened: / }));
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('tab', { name: 'Requests' }).click();
    await seen(page.getByRole('table', { name: 'Last requests' }).getByText('Accepted'));
  });

  it('shows a real alert without reload', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Incidents' }).click();
    const incidents = page.getByRole('table', { name: 'Incidents' });
    await seen(incidents.getByRole('row').nth(1));
    await page.evaluate('window.notReloaded = true');
    const body = alertmanagerBody({ fingerprint: 'a-real-alert', summary: SUMMARY });
    expect(await postAlert(sender.url, sender.key, body)).toBe(202);
    await seen(incidents.getByRole('link', { name: SUMMARY }));
    expect(await page.evaluate('window.notReloaded')).toBe(true);
  });

  it('shows the line of the incident from request to ticket', async () => {
    await page.getByRole('link', { name: SUMMARY }).click();
    const line = page.getByRole('group', { name: /^Path of incident/ });
    const ticket = await seen(line.getByRole('button', { name: /^OPS-\d+/ }));
    for (const stage of ['Request', 'Plugin', 'Event', 'Incident', 'Deliveries', 'Ticket'])
      await seen(line.getByRole('heading', { name: stage, exact: true }));
    await line.getByRole('button', { name: /^prometheus \d+\.\d+\.\d+/ }).click();
    await seen(page.getByRole('dialog', { name: 'Plugin' }).getByRole('link', { name: /prometheus/ }));
    await page.keyboard.press('Escape');
    await ticket.click();
    await seen(page.getByRole('dialog', { name: /^Ticket OPS-/ }));
    await page.keyboard.press('Escape');
    const key = (await ticket.getAttribute('title')) ?? '';
    expect(jira.site.find(key)?.fields['summary']).toContain(SUMMARY);
  });

  it('shows each request of the delivery, and replays it', async () => {
    const line = page.getByRole('group', { name: /^Path of incident/ });
    await line.getByRole('button', { name: /^Everything to Jira/ }).click();
    await page.getByRole('dialog', { name: 'Delivery' }).getByRole('link', { name: 'Open the delivery' }).click();
    await seen(page.getByRole('heading', { name: /opened, to Everything to Jira$/, level: 1 }));
    const attempts = page.getByRole('region', { name: 'Attempts' });
    await seen(attempts.getByText(`${jira.url}/rest/api/3/issue`, { exact: true }));
    await seen(attempts.getByText('201', { exact: true }));
    await expect.poll(() => page.getByText(TOKEN).count()).toBe(0);

    const created = () => jira.requests.filter(({ operation }) => operation === 'createIssue').length;
    const before = created();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByRole('dialog', { name: 'Replay this delivery' }).getByRole('button', { name: 'Resume' }).click();
    await seen(attempts.getByText('Attempt 2'));
    await seen(page.getByRole('button', { name: 'Replay', exact: true }));
    expect(created()).toBe(before);
  });

  it('says why a request was refused, and where in its body', async () => {
    const notAlertmanager = { version: '4', status: 'firing', alerts: [{ status: 'firing', labels: 'none at all' }] };
    // A machine that is busy with other things may answer 202 first, and find out what is wrong later.
    await until('a refusal at once', async () =>
      (await postAlert(sender.url, sender.key, notAlertmanager)) === 400 ? true : undefined,
    );
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Integrations' }).click();
    await page.getByRole('link', { name: 'Alerts of the shop' }).click();
    const requests = page.getByRole('table', { name: 'Last requests' }).getByRole('row');
    const invalid = requests.filter({ hasText: 'Invalid' }).filter({ has: page.getByText('400', { exact: true }) });
    await invalid.getByRole('link').click();
    await seen(page.getByRole('heading', { name: 'Request', level: 1 }));
    const issues = page.getByRole('list', { name: 'Issues' });
    await seen(issues.getByText('alerts.0.labels', { exact: true }));
    await seen(issues.getByText(/Expected an object/));
    await seen(page.getByRole('region', { name: 'Body', exact: true }).getByText('none at all'));
  });

  it('signs out and in again', async () => {
    // A page without live rows: none of them is read again while the session ends.
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await seen(page.getByRole('heading', { name: 'Your account', level: 1 }));
    await page.getByRole('button', { name: `Account of ${owner.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('textbox', { name: 'Email' }).fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await seen(page.getByRole('heading', { name: 'Incidents', level: 1 }));
    await seen(page.getByRole('link', { name: SUMMARY }));
  });

  it('put no error on the console', () => {
    expect(visitor.errors).toEqual([]);
  });

  function clipboard(): Promise<string> {
    return page.evaluate<string>('navigator.clipboard.readText()');
  }
});

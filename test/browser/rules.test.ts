import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { integrationSchema, requestDetailSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { echoPlugin, trigger } from '@patchbay/host/ingest/test-door';
import { openRulesDoor, type RulesDoor } from '@patchbay/host/ingest/rules/test-rules-door';
import { pgliteDatabases } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { becomeOwner, seen, visit, type Visitor } from './visitor.ts';

const TOKEN = 'bootstrap-token-for-tests';
const UI_FOLDER = fileURLToPath(new URL('../../marketplace-ui/dist/', import.meta.url));

describe('rules of an integration at a browser', () => {
  const newDatabase = pgliteDatabases();
  let rulesDoor: RulesDoor;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const options = { token: TOKEN, publicUrl: url, plugin: echoPlugin, port, uiFolder: UI_FOLDER };
    rulesDoor = await openRulesDoor(await newDatabase(), options);
    const host = { url, output: () => `${url}/setup?code=${rulesDoor.setupCode ?? ''}` };
    visitor = await visit(host, { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    page = visitor.page;
    await becomeOwner(page, host);
  });
  afterAll(async () => {
    await visitor?.close();
    await rulesDoor?.close();
  });

  const ask = (path: string, body?: unknown) =>
    fetch(rulesDoor.door.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('are written, ordered, tried and saved by keyboard, and then hold at the door', async () => {
    const made = await ask('/api/integrations', { type: 'test', name: 'Shop' });
    const { id, url, key } = integrationSchema.parse(await made.json());
    const alert = async (dedupKey: string) => {
      const event = trigger(dedupKey, 'Disk full');
      const body = JSON.stringify({ ...event, payload: { ...event.payload, severity: 'warning' } });
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(202);
    };
    await alert('before');

    await page.goto(`/integrations/${id}?tab=rules`);
    await press(page.getByRole('button', { name: 'Add a rule' }));
    const dialog = page.getByRole('dialog');
    await type(dialog.getByRole('textbox', { name: 'Name' }), 'Louder');
    await type(dialog.getByRole('textbox', { name: 'When' }), 'event.severty == "warning"');
    await choose(dialog.getByRole('combobox', { name: 'Then' }), 'Set fields', 'set');
    await choose(dialog.getByRole('combobox', { name: 'Text' }), 'critical', 'critical');
    await press(dialog.getByRole('button', { name: 'Add to the list' }));
    await seen(dialog.getByText('line 1, column 7: No such key: severty'));
    await type(dialog.getByRole('textbox', { name: 'When' }), 'event.severity == "warning"');
    await press(dialog.getByRole('button', { name: 'Add to the list' }));
    await dialog.waitFor({ state: 'hidden' });

    await press(page.getByRole('button', { name: 'Add a rule' }));
    await type(dialog.getByRole('textbox', { name: 'Name' }), 'No disks');
    await type(
      dialog.getByRole('textbox', { name: 'When' }),
      'event.summary == "Disk full" && event.severity == "critical"',
    );
    await press(dialog.getByRole('button', { name: 'Add to the list' }));
    await dialog.waitFor({ state: 'hidden' });

    await press(page.getByRole('button', { name: 'Try the rules' }));
    const tried = page.getByRole('list', { name: 'Events before and after the rules' });
    await seen(tried.getByText('Dropped by “No disks”'));

    await press(page.getByRole('button', { name: 'Move “No disks” up' }));
    await seen(page.getByText('“No disks” is now rule 1 of 2.'));
    // At the top there is no further up: the focus stays with the rule.
    await expect
      .poll(() => hasFocus(page.getByRole('button', { name: 'Move “No disks” down' })), { timeout: 20_000 })
      .toBe(true);
    await press(page.getByRole('button', { name: 'Try the rules' }));
    await seen(tried.getByRole('row', { name: 'severity warning critical' }));

    await press(page.getByRole('button', { name: 'Save the rules' }));
    await seen(page.getByRole('tab', { name: 'Rules (2)' }));
    await alert('after');
    const request = await until('the request', async () => {
      const answer = await ask(`/api/integrations/${id}/requests?limit=1`);
      const { items } = (await answer.json()) as { items: { id: string; state: string }[] };
      return items[0]?.state === 'accepted' ? items[0] : undefined;
    });
    const detail = requestDetailSchema.parse(await (await ask(`/api/requests/${request.id}`)).json());
    expect(detail.events).toMatchObject([{ severity: 'critical' }]);
    // The refused rule, and what this host has no routes for.
    expect(visitor.errors.filter((line) => !/status of 40[04]/.test(line))).toEqual([]);
  });

  it('are tried on the latest request, however late the list of requests comes', async () => {
    const made = await ask('/api/integrations', { type: 'test', name: 'Late' });
    const { id, url, key } = integrationSchema.parse(await made.json());
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify(trigger('the-last-request', 'Disk full'));
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(202);

    let answer = (): void => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/requests\?/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`/integrations/${id}?tab=rules`);
    const button = page.getByRole('button', { name: 'Try the rules' });
    await seen(button);
    expect(await button.isDisabled()).toBe(true);
    answer();
    await button.click();
    await seen(page.getByText('the-last-request'));
    await page.unroute(/\/requests\?/);
  });

  async function press(locator: Locator): Promise<void> {
    await locator.focus();
    await page.keyboard.press('Enter');
  }

  async function type(locator: Locator, text: string): Promise<void> {
    await locator.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
  }

  /** A native list takes the first letters of a choice. */
  async function choose(locator: Locator, label: string, value: string): Promise<void> {
    await locator.focus();
    await page.keyboard.type(label);
    await expect.poll(() => locator.inputValue(), { timeout: 20_000 }).toBe(value);
  }
});

function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === element.ownerDocument.activeElement);
}

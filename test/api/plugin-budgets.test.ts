import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodes, type ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import { ingestLimits, sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { deliverySchema, destinationSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { submissionSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { pluginRunsListSchema, type PluginRuns } from '@patchbay/plugin-sdk/contract/rest/runs';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { makePackage, withFiles } from '../support/plugin-packages.ts';
import { approve, newReviewers, read, uploadPackage } from '../support/registry-road.ts';
import { sandboxChildren, signalled } from '../support/sandbox-children.ts';
import { until } from '../support/until.ts';
import { otherBudgets, otherLimits, overruns, type Overrun } from './budget-overruns.ts';

const PLUGIN = 'acme/budgets';
const rows = Object.entries(overruns).map(([code, overrun]: [string, Overrun]) => ({ code, ...overrun }));

/** It does what the summary of the incident names. */
const source = `
import { defineIntegration, delivered } from '@patchbay/plugin-sdk';

const overruns = {
${rows.map(({ code, does }) => `  async ${code}({ url, store, emit }) { ${does} },`).join('\n')}
};

export default defineIntegration<{ url: string }>({
  async deliver(change, { configuration: { url }, store, emit }) {
    return (await overruns[change.incident.summary]?.({ url, store, emit })) ?? delivered({ note: 'within its budgets' });
  },
});
`;

describe('the table of budgets', () => {
  it('has every code of the catalogue that is one, and every limit', () => {
    const budgets = errorCodes.filter((code) => /_(EXCEEDED|TOO_LARGE|FULL|TIMEOUT)$/.test(code));
    const known = [...Object.keys(overruns), ...Object.keys(otherBudgets)];
    expect(budgets.filter((code) => !known.includes(code))).toEqual([]);
    const limits = [...rows.flatMap((row) => row.limits), ...Object.keys(otherLimits)];
    expect(limits.toSorted()).toEqual(Object.keys(sandboxLimits).toSorted());
  });
});

describe.skipIf(process.platform !== 'linux')('a plugin that overruns a budget', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let service: Server;
  let door: string;
  let key: string;
  let destination: string;
  let installation: string;
  let isBusy = false;

  /** A machine on which the sandbox has a twentieth of the time. */
  async function keepBusy(): Promise<void> {
    isBusy = true;
    const children = await sandboxChildren(host.pid);
    const tell = (signal: 'SIGSTOP' | 'SIGCONT') => children.forEach((pid) => signalled(pid, signal));
    while (isBusy) {
      tell('SIGSTOP');
      await sleep(40);
      tell('SIGCONT');
      // Not given away, or it would take as long as others like.
      for (const end = performance.now() + 2; performance.now() < end;);
    }
  }

  const runsOf = async (plugin: string): Promise<PluginRuns> => {
    const { items } = await read(await host.request('/api/plugin-runs'), pluginRunsListSchema);
    const found = items.find((item) => item.plugin === plugin);
    if (found === undefined) throw new Error(`${plugin} is not installed`);
    return found;
  };
  const metrics = async (): Promise<string> => (await host.request('/metrics')).text();

  beforeAll(async () => {
    const large = 'x'.repeat(sandboxLimits.responseBytes + 1);
    service = createServer(({ url: path }, response) => {
      if (path === '/silent') return;
      if (path === '/busy') void keepBusy();
      response.end(path === '/large' ? large : '{}');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    host = await startHost({ ...(await newHostData()), environment: { EGRESS_ALLOW: '127.0.0.0/8' } });

    const http = [
      { scheme: 'http' as const, host: { configuration: 'url' }, methods: ['GET' as const, 'POST' as const] },
    ];
    const manifest = {
      configuration: { properties: { url: { type: 'string' as const, title: 'Service' } }, required: ['url'] },
      secrets: [],
      permissions: { http, store: { bytes: sandboxLimits.storeBytes }, emit: { kinds: ['note'] } },
    };
    const made = await makePackage(PLUGIN, manifest, 'connector', withFiles({ 'src/index.ts': source }));
    const uploaded = await uploadPackage(host, made, generateSigningKey());
    await approve(host, await read(uploaded, submissionSchema), await newReviewers(host));
    const { consent } = await read(await host.request(`/api/plugins/${PLUGIN}`), z.object({ consent: z.unknown() }));
    const body = { plugin: PLUGIN, consent, configuration: { url } };
    ({ id: installation } = await read(
      await host.request('/api/installations', { body }),
      z.object({ id: z.string() }),
    ));
    const subscription = { body: { installationId: installation, name: 'Budgets' } };
    ({ id: destination } = await read(await host.request('/api/subscriptions', subscription), destinationSchema));

    const integration = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Alerts' } });
    const { id, key: secret } = await read(integration, integrationSchema);
    door = `${host.url}/api/integrations/prometheus?integrationId=${id}`;
    key = secret ?? '';
  }, 300_000);

  afterAll(async () => {
    isBusy = false;
    await host?.stop();
    service?.closeAllConnections();
    service?.close();
  });

  const ended = (summary: string) =>
    until(`the end of ${summary}`, async () => {
      const path = `/api/deliveries?destinationId=${destination}&limit=200`;
      const { items } = await read(await host.request(path), z.object({ items: z.array(deliverySchema) }));
      return items.find((item) => item.summary === summary && (item.code !== null || item.state === 'delivered'));
    });

  it.each(rows)('gets $code, which its operator sees counted', async ({ code, counted, again }) => {
    const before = await runsOf(PLUGIN);
    expect(await postAlert(door, key, alertmanagerBody({ fingerprint: code, summary: code }))).toBe(202);
    const { state, code: told, message } = await ended(code);
    isBusy = false;
    expect({ state, code: told, message }).toMatchObject({ state: again === true ? 'retrying' : 'dead', code });

    const after = await runsOf(PLUGIN);
    expect(after.installationId).toBe(installation);
    const grown = {
      errors: grownIn(before.errors, after.errors),
      callErrors: grownIn(before.callErrors, after.callErrors),
    };
    expect(grown[counted]).toHaveProperty(code);
    if (again === undefined) expect(grown[counted][code]).toBe(1);
    const metric = counted === 'errors' ? 'patchbay_plugin_errors_total' : 'patchbay_plugin_call_errors_total';
    const labels = `plugin="${PLUGIN}",version="1.0.0",installation="${installation}",code="${code}"`;
    expect(await metrics()).toContain(`${metric}{${labels}} ${after[counted][code]}\n`);
  });

  it('is given no input that is too large: the door refuses what could be', async () => {
    const before = await runsOf('patchbay/prometheus');
    // JSON writes each of them in six bytes.
    const largest = '\u0001'.repeat(ingestLimits.bodyBytes);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const post = (body: string) => fetch(door, { method: 'POST', headers, body });
    const refused = await post(`${largest}x`);
    const { error } = z.object({ error: z.object({ code: z.string() }) }).parse(await refused.json());
    expect(error.code).toBe('BODY_TOO_LARGE' satisfies ErrorCode);
    expect((await post(largest)).status).toBe(202);
    const after = await until('the run', async () => {
      const now = await runsOf('patchbay/prometheus');
      return now.runs > before.runs ? now : undefined;
    });
    expect(after.errors).not.toHaveProperty('INPUT_TOO_LARGE');
  });
});

function grownIn(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const grown = Object.entries(after).map(([code, count]): [string, number] => [code, count - (before[code] ?? 0)]);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

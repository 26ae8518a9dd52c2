import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Integration, Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Consent, Installation, PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { play, recordedAlerts } from './alerts.ts';
import { startKeptJira } from './kept-jira.ts';
import { PatchbayApi } from './patchbay-api.ts';

/**
 * Fills a running host with what a newcomer wants to see: stand-ins for Jira and for a receiver of webhooks on this
 * machine, the Jira connector installed and subscribed, integrations, and a few recorded alerts. Runs as long as the
 * host, because the stand-ins live here. What an earlier run has made is used again.
 *
 * Environment: PATCHBAY_URL, PATCHBAY_TOKEN (owner rights), PATCHBAY_DATA (the demo's data folder).
 */
const EMAIL = 'demo@example.com';
const TOKEN = 'token-of-the-demo-account';

async function main(): Promise<void> {
  const { PATCHBAY_URL: url, PATCHBAY_TOKEN: token, PATCHBAY_DATA: folder } = process.env;
  if (url === undefined || token === undefined || folder === undefined)
    throw new Error('PATCHBAY_URL, PATCHBAY_TOKEN and PATCHBAY_DATA say where the host and its data are');
  const api = new PatchbayApi(url, token);
  const jira = await startKeptJira(folder, { email: EMAIL, apiToken: TOKEN });
  const receiver = await startReceiver();
  say(`Stand-ins: Jira at ${jira.url}, a webhook receiver at ${receiver}`);

  await connectJira(api, jira.url);
  await connectReceiver(api, receiver);
  const integrations = await makeIntegrations(api);
  for (const alert of recordedAlerts) {
    await sleep(alert.pauseMs);
    const integration = integrations.get(alert.type);
    if (integration === undefined || integration.key === null) continue;
    const status = await play(integration.url, integration.key, alert);
    say(`${alert.type}: ${alert.fixture.replaceAll('-', ' ')} (answered ${status})`);
  }
  say(`The recorded alerts were played. Look at ${url}/incidents and ${url}/deliveries`);
}

async function connectJira(api: PatchbayApi, siteUrl: string): Promise<void> {
  const installed = await api.get<{ items: Installation[] }>('/api/installations');
  const known = installed.items.find(({ plugin }) => plugin === 'patchbay/jira');
  if (known !== undefined) {
    // The stand-in may have another port: the secret follows only by consent.
    const configuration = { ...known.configuration, siteUrl };
    const { digest } = await api.post<Consent>(`/api/installations/${known.id}/consent`, { configuration });
    await api.patch(`/api/installations/${known.id}`, { configuration, consent: digest });
    return;
  }
  const { consent } = await api.get<PluginDetail>('/api/plugins/patchbay/jira');
  const installation = await api.post<Installation>('/api/installations', {
    plugin: 'patchbay/jira',
    configuration: { siteUrl, email: EMAIL, projectKey: 'OPS', issueType: 'Task' },
    secrets: { apiToken: TOKEN },
    consent: consent.digest,
  });
  await api.post('/api/subscriptions', {
    installationId: installation.id,
    name: 'Jira: critical and errors',
    filter: { severities: ['critical', 'error'] },
  });
  say('Installed the Jira connector and subscribed it to critical incidents and errors');
}

async function connectReceiver(api: PatchbayApi, receiver: string): Promise<void> {
  const name = 'Demo receiver';
  const webhooks = await api.get<{ items: Destination[] }>('/api/webhooks');
  const known = webhooks.items.find((webhook) => webhook.name === name);
  if (known === undefined) await api.post('/api/webhooks', { name, url: receiver });
  else await api.patch(`/api/webhooks/${known.id}`, { url: receiver, state: 'active' });
}

/** One integration for each type that is played, spread over two services. */
async function makeIntegrations(api: PatchbayApi): Promise<Map<string, Integration>> {
  const services = await api.get<{ items: Service[] }>('/api/services');
  const shop =
    services.items.find(({ name }) => name === 'Shop') ??
    (await api.post<Service>('/api/services', { name: 'Shop', description: 'What customers see.' }));
  const present = await api.get<{ items: Integration[] }>('/api/integrations?limit=200');
  const integrations = new Map<string, Integration>();
  for (const type of new Set(recordedAlerts.map((alert) => alert.type))) {
    const name = `Demo ${type}`;
    const found = present.items.find((integration) => integration.type === type && integration.name === name);
    const inShop = type === 'prometheus' || type === 'sentry';
    integrations.set(
      type,
      found ??
        (await api.post<Integration>('/api/integrations', { type, name, ...(inShop ? { serviceId: shop.id } : {}) })),
    );
  }
  return integrations;
}

async function startReceiver(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function say(text: string): void {
  process.stdout.write(`demo: ${text}\n`);
}

await main();

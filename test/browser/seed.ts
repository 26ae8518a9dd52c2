import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { reviewLimits } from '@patchbay/plugin-sdk/contract/limits';
import { deliverySchema, destinationSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import {
  integrationSchema,
  requestSummarySchema,
  serviceSchema,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { startJira } from '../fakes/jira/jira-server.ts';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import type { HostProcess } from '../support/host-process.ts';
import { makePackage } from '../support/plugin-packages.ts';
import { countInstalls, uploadPackage } from '../support/registry-road.ts';
import { until } from '../support/until.ts';

/** Where the data lies that every screen shows. */
export interface Seeded {
  serviceId: string;
  integrationId: string;
  incidentId: string;
  requestId: string;
  invalidRequestId: string;
  deliveryId: string;
  failedDeliveryId: string;
  webhookId: string;
  installationId: string;
  /** Of a plugin that waits for a reviewer. */
  submissionId: string;
  /** The address of the stand-in Jira. */
  jiraUrl: string;
  close(): Promise<void>;
}

const idSchema = z.object({ id: z.string() });

/** Fills a host with what its screens show: tickets, deliveries that succeed and that fail, refused requests. */
export async function seed(host: HostProcess): Promise<Seeded> {
  const jira = await startJira();
  const broken = await startBrokenReceiver();
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(await (await host.request(path)).json());
  const post = async <T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> => {
    const answer = await host.request(path, { body });
    if (!answer.ok) throw new Error(`POST ${path} was answered ${answer.status}: ${await answer.text()}`);
    return schema.parse(await answer.json());
  };
  const list = <T>(item: z.ZodType<T>) => z.object({ items: z.array(item) });

  const { consent } = await get('/api/plugins/patchbay/jira', z.object({ consent: z.object({ digest: z.string() }) }));
  const installation = await post(
    '/api/installations',
    {
      plugin: 'patchbay/jira',
      configuration: { siteUrl: jira.url, email: 'bot@example.com', projectKey: 'OPS' },
      secrets: { apiToken: 'token-of-the-bot' },
      consent: consent.digest,
    },
    idSchema,
  );
  await post('/api/subscriptions', { installationId: installation.id, name: 'Everything to Jira' }, destinationSchema);
  const webhook = await post('/api/webhooks', { name: 'A broken receiver', url: broken.url }, idSchema);
  await post('/api/members', { name: 'Mary', email: 'mary@example.com', role: 'member' }, z.unknown());
  await countInstalls(host, 'patchbay/pingdom', reviewLimits.loneRevocationInstalls + 1);
  const order = { plugin: 'patchbay/pingdom', range: '*', kind: 'hard', reason: 'It sends alerts to strangers.' };
  await post('/api/registry/revocations', order, z.unknown());
  await post('/api/registry/namespaces', { namespace: 'grafana', reason: 'It is our name.' }, z.unknown());
  await post('/api/tokens', { name: 'A token of the tests', scopes: ['read'] }, z.unknown());

  const integration = await post('/api/integrations', { type: 'prometheus', name: 'Shop' }, integrationSchema);
  const key = integration.key ?? '';
  for (const severity of ['critical', 'warning', 'info']) {
    const alert = { fingerprint: severity, severity, summary: `Something ${severity} happened to the checkout` };
    await postAlert(integration.url, key, alertmanagerBody(alert));
  }
  await postAlert(integration.url, key, { version: '4', status: 'firing', alerts: [{ labels: 'none' }] });
  await postAlert(integration.url, 'not-the-key', {});
  const rules = [
    { name: 'No tests', when: 'event.summary.startsWith("Test")', then: { action: 'drop' } },
    {
      name: 'The checkout first',
      when: 'event.summary.contains("checkout")',
      then: { action: 'set', changes: [{ field: 'component', value: 'checkout' }] },
    },
  ];
  await host.request(`/api/integrations/${integration.id}`, { method: 'PATCH', body: { rules } });

  const incident = await until('an incident with a ticket', async () => {
    const { items } = await get('/api/incidents?severity=critical', list(incidentSchema));
    return items.find(({ linked }) => linked.length > 0);
  });
  const [delivery, failed] = await until('deliveries', async () => {
    const { items } = await get(`/api/deliveries?incidentId=${incident.id}`, list(deliverySchema));
    const found = [items.find(({ state }) => state === 'delivered'), items.find(({ message }) => message !== null)];
    return found[0] === undefined || found[1] === undefined ? undefined : ([found[0], found[1]] as const);
  });
  const [accepted, invalid] = await until('requests', async () => {
    const { items } = await get(`/api/integrations/${integration.id}/requests`, list(requestSummarySchema));
    const found = [items.find(({ state }) => state === 'accepted'), items.find(({ state }) => state === 'invalid')];
    return found[0] === undefined || found[1] === undefined ? undefined : ([found[0], found[1]] as const);
  });
  const services = await get('/api/services', list(serviceSchema));
  return {
    serviceId: services.items[0]?.id ?? '',
    integrationId: integration.id,
    incidentId: incident.id,
    requestId: accepted.id,
    invalidRequestId: invalid.id,
    deliveryId: delivery.id,
    failedDeliveryId: failed.id,
    webhookId: webhook.id,
    installationId: installation.id,
    submissionId: await submitPlugin(host),
    jiraUrl: jira.url,
    async close() {
      broken.close();
      await jira.close();
    },
  };
}

/** Uploads a plugin of somebody else; it then waits for a reviewer. */
async function submitPlugin(host: HostProcess): Promise<string> {
  const made = await makePackage('acme/teller', {}, 'connector');
  const answer = await uploadPackage(host, made, generateSigningKey());
  if (!answer.ok) throw new Error(`The upload was answered ${answer.status}: ${await answer.text()}`);
  return z.object({ submissionId: z.string() }).parse(await answer.json()).submissionId;
}

/** A receiver of webhooks that answers 500. */
async function startBrokenReceiver(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(500).end('out of order'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

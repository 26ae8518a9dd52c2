import type { z } from 'zod';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import {
  subscriptionFilterSchema,
  subscriptionInputSchema,
  destinationSchema,
  webhookCreatedSchema,
  webhookInputSchema,
  type Destination,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import {
  integrationInputSchema,
  integrationPatchSchema,
  integrationSchema,
  rotateSecretInputSchema,
  serviceInputSchema,
  serviceSchema,
  testEventInputSchema,
  testEventResultSchema,
  type Integration,
  type Service,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import {
  installationInputSchema,
  installationPatchSchema,
  installationSchema,
  installationUpdateSchema,
  pluginCardSchema,
  pluginDetailSchema,
  type Installation,
  type PluginDetail,
} from '@patchbay/plugin-sdk/contract/rest/plugins';
import { iconOf, plugins } from './plugins.ts';
import { pageOf, refusal, Reply, strict, type FakeRoute } from './route.ts';
import { workRoutes } from './work.ts';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const services: Service[] = [
  {
    id: 'svc_01kaq2v8n6f0r3w9d5y7m1t4cc',
    name: 'Default service',
    description: '',
    isDefault: true,
    integrationCount: 2,
    openIncidents: 14,
    createdAt: ago(90_000),
  },
  {
    id: 'svc_01kaq2v8n6f0r3w9d5y7m1t4aa',
    name: 'Payments',
    description: 'Card and invoice payments. Looked after by team Ledger.',
    isDefault: false,
    integrationCount: 1,
    openIncidents: 1,
    createdAt: ago(80_000),
  },
  {
    id: 'svc_01kaq2v8n6f0r3w9d5y7m1t4bb',
    name: 'Storefront',
    description: 'The shop that customers see.',
    isDefault: false,
    integrationCount: 2,
    openIncidents: 2,
    createdAt: ago(70_000),
  },
  {
    id: 'svc_01kaq2v8n6f0r3w9d5y7m1t4dd',
    name: 'Warehouse',
    description: '',
    isDefault: false,
    integrationCount: 0,
    openIncidents: 0,
    createdAt: ago(12),
  },
].map((service) => strict(serviceSchema, service));

const installed: [id: string, state: Installation['state'], version?: string][] = [
  ['patchbay/alertmanager', 'enabled'],
  ['patchbay/grafana', 'enabled'],
  ['patchbay/github', 'disabled'],
  ['patchbay/aws-cloudwatch', 'enabled'],
  ['patchbay/sentry', 'enabled', '1.1.0'],
  ['patchbay/jira', 'enabled'],
];

const installations: Installation[] = installed.map(([id, state, version], index) => {
  const plugin = pluginOf(id);
  const values =
    id === 'patchbay/jira'
      ? {
          siteUrl: 'https://northwind.atlassian.net',
          email: 'ops@northwind.example',
          projectKey: 'OPS',
          comment: true,
          labels: ['patchbay'],
        }
      : {};
  const made = install(plugin, { configuration: values, secrets: plugin.secrets.map(({ name }) => name) });
  return {
    ...made,
    id: `ins_01kaq2v8n6f0r3w9d5y7m1t4${'abcdefghjk'[index]}0`,
    state,
    version: version ?? plugin.version,
    updateAvailable: version === undefined ? null : plugin.version,
    heldUpdate:
      version === undefined ? null : { version: nextPatch(plugin.version), eligibleAt: ago(-60 * 5), early: null },
    previousVersion: null,
    installedAt: ago(60 * 24 * (20 - index)),
    installedBy: 'policy: first-party plugins',
  };
});

function nextPatch(version: string): string {
  return version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
}

function install(
  plugin: PluginDetail,
  given: { configuration: Record<string, unknown>; secrets: string[]; environment?: Installation['environment'] },
): Installation {
  return strict(installationSchema, {
    id: newId('installation'),
    plugin: plugin.id,
    version: plugin.version,
    name: plugin.name,
    icon: plugin.icon,
    provides: plugin.provides,
    integrationType: plugin.integrationType,
    environment: given.environment ?? 'production',
    state: 'enabled',
    configuration: given.configuration,
    secretsSet: given.secrets,
    consent: plugin.consent,
    installedAt: ago(0),
    installedBy: 'Ada Okafor',
    updateAvailable: null,
    heldUpdate: null,
    deprecated: null,
    previousVersion: null,
  });
}

function pluginOf(id: string): PluginDetail {
  const found = plugins.find((plugin) => plugin.id === id);
  if (found === undefined) throw new Error(`The fake has no plugin ${id}`);
  return found;
}

function withInstalled(plugin: PluginDetail): PluginDetail {
  const found = installations.find((one) => one.plugin === plugin.id);
  return { ...plugin, installed: found === undefined ? null : { id: found.id, version: found.version } };
}

const integrations: Integration[] = [
  integration({
    id: 'int_01kaq2v8n6f0r3w9d5y7m1t4aa',
    type: 'alertmanager',
    name: 'Alertmanager, cluster fra-1',
    service: 1,
    counts: [18_204, 17_990, 207, 3],
  }),
  integration({ type: 'grafana', name: 'Grafana, storefront dashboards', service: 2, counts: [2210, 2101, 40, 0] }),
  integration({ type: 'sentry', name: 'Sentry, storefront-web', service: 2, counts: [512, 498, 0, 0] }),
  integration({ type: 'aws-cloudwatch', name: 'CloudWatch, account 111122223333', service: 0, counts: [96, 95, 1, 0] }),
  integration({
    type: 'alertmanager',
    name: 'Alertmanager, lab',
    service: 0,
    counts: [0, 0, 0, 0],
    environment: 'development',
    state: 'disabled',
  }),
];

interface IntegrationSeed {
  id?: string;
  type: string;
  name: string;
  service: number;
  counts: [number, number, number, number];
  environment?: Integration['environment'];
  state?: Integration['state'];
}

function integration({ type, name, service, counts, ...rest }: IntegrationSeed): Integration {
  const owner = installations.find(({ integrationType }) => integrationType === type);
  const home = services[service];
  if (owner === undefined || home === undefined) throw new Error(`The fake cannot make ${name}`);
  const id = rest.id ?? newId('integration');
  const key = `pbk_${id.slice(-10)}Qw8fT2mZx0LrVb6n`;
  const url = `http://127.0.0.1:3000/api/integrations/${type}?integrationId=${id}`;
  const schemes = pluginOf(owner.plugin).authentication.signatures;
  return strict(integrationSchema, {
    id,
    type,
    name,
    serviceId: home.id,
    serviceName: home.name,
    environment: rest.environment ?? 'production',
    state: rest.state ?? 'enabled',
    url,
    key,
    olderKeyUntil: type === 'grafana' ? ago(-40) : null,
    sampleCurl: `curl -X POST '${url}' \\\n  -H 'Authorization: Bearer ${key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"critical"},"annotations":{"summary":"Disk of db-1 is 97 % full"}}]}'`,
    settings: {},
    signature: {
      supported: schemes.length > 0,
      vendorScheme: schemes.length > 0 ? 'X-Grafana-Alerting-Signature' : null,
      secretSet: type === 'grafana',
      olderSecretUntil: null,
      required: false,
      own: null,
    },
    ipAllow: [],
    ipDeny: [],
    publishedOnly: false,
    published: null,
    ratePerMinute: 100,
    watch: true,
    burst: null,
    response: null,
    bodySchema: null,
    rules: [],
    installationId: owner.id,
    pluginVersion: owner.version,
    createdAt: ago(60 * 24 * 14),
    lastRequestAt: counts[0] > 0 ? ago(2) : null,
    counts: { received: counts[0], accepted: counts[1], refused: counts[2], pending: counts[3] },
  });
}

const everything = subscriptionFilterSchema.parse({});
const seeds: z.input<typeof destinationSchema>[] = [
  {
    id: 'dst_01kaq2v8n6f0r3w9d5y7m1t4aa',
    maxAttempts: 12,
    kind: 'connector' as const,
    name: 'Jira OPS, production',
    environment: 'production' as const,
    state: 'active' as const,
    stateReason: null,
    filter: { ...everything, changeTypes: ['incident.opened', 'incident.resolved'], severities: ['critical', 'error'] },
    installationId: installations[5]?.id ?? null,
    plugin: 'patchbay/jira',
    url: null,
    headers: {},
    createdAt: ago(60 * 24 * 9),
    counts: { delivered: 412, retrying: 1, dead: 2, waiting: 0 },
  },
  {
    id: 'dst_01kaq2v8n6f0r3w9d5y7m1t4ee',
    maxAttempts: 12,
    kind: 'connector' as const,
    name: 'Jira OPS, warnings of the storefront',
    environment: 'production' as const,
    state: 'attention' as const,
    stateReason: 'northwind.atlassian.net answered 401: the API token was refused (DESTINATION_NEEDS_ATTENTION).',
    filter: { ...everything, severities: ['warning'], serviceIds: ['svc_01kaq2v8n6f0r3w9d5y7m1t4bb'] },
    installationId: installations[5]?.id ?? null,
    plugin: 'patchbay/jira',
    url: null,
    headers: {},
    createdAt: ago(60 * 24 * 2),
    counts: { delivered: 31, retrying: 0, dead: 0, waiting: 7 },
  },
  {
    id: 'dst_01kaq2v8n6f0r3w9d5y7m1t4bb',
    maxAttempts: 12,
    kind: 'webhook' as const,
    name: 'Status page',
    environment: 'production' as const,
    state: 'active' as const,
    stateReason: null,
    filter: { ...everything, severities: ['critical'] },
    installationId: null,
    plugin: null,
    url: 'https://status.northwind.example/hooks/patchbay?region=eu',
    headers: { 'X-Team': 'platform' },
    createdAt: ago(60 * 24 * 30),
    counts: { delivered: 1290, retrying: 3, dead: 0, waiting: 0 },
  },
  {
    id: 'dst_01kaq2v8n6f0r3w9d5y7m1t4ff',
    maxAttempts: 12,
    kind: 'webhook' as const,
    name: 'Data lake',
    environment: 'staging' as const,
    state: 'disabled' as const,
    stateReason: 'The address answered 410: it is gone (DESTINATION_GONE).',
    filter: everything,
    installationId: null,
    plugin: null,
    url: 'https://lake.northwind.example/in',
    headers: {},
    createdAt: ago(60 * 24 * 60),
    counts: { delivered: 20_412, retrying: 0, dead: 18, waiting: 4 },
  },
];
const destinations: Destination[] = seeds.map((seed) => strict(destinationSchema, seed));

/** The first installation of this plugin meets a consent that changed meanwhile. */
let staleOnce = true;

export function catalogueRoutes(): FakeRoute[] {
  return [
    ...pluginRoutes,
    {
      method: 'POST',
      path: '/services',
      answer: ({ body }) => {
        const input = serviceInputSchema.parse(body);
        if (services.some(({ name }) => name === input.name))
          return refusal('CONFLICT', `A service named ${input.name} exists already.`, [
            { path: 'name', message: 'This name is taken' },
          ]);
        const made = strict(serviceSchema, {
          ...input,
          id: newId('service'),
          isDefault: false,
          integrationCount: 0,
          openIncidents: 0,
          createdAt: ago(0),
        });
        services.push(made);
        return new Reply(201, made);
      },
    },
    ...installationRoutes,
    ...integrationRoutes,
    ...destinationRoutes,
    ...rowRoutes('/services', services, 'service'),
    ...rowRoutes('/installations', installations, 'installation'),
    ...rowRoutes('/integrations', integrations, 'integration'),
    ...rowRoutes('/subscriptions', destinations, 'route'),
    ...rowRoutes('/webhooks', destinations, 'webhook'),
  ];
}

const pluginRoutes: FakeRoute[] = [
  {
    method: 'GET',
    path: '/plugins',
    answer: ({ query }) => {
      const [q, category, provides, sort] = ['q', 'category', 'provides', 'sort'].map((name) => query.get(name));
      const rows = plugins
        .filter((one) => !q || `${one.name} ${one.summary} ${one.id}`.toLowerCase().includes(q.toLowerCase()))
        .filter((one) => !category || one.categories.includes(category))
        .filter((one) => !provides || one.provides.includes(provides))
        .map((one) => strict(pluginCardSchema, withInstalled(one)));
      rows.sort((a, b) =>
        sort === 'name'
          ? a.name.localeCompare(b.name)
          : sort === 'updated'
            ? b.updatedAt.localeCompare(a.updatedAt)
            : sort === 'rating'
              ? (b.rating.average ?? 0) - (a.rating.average ?? 0)
              : b.installs - a.installs,
      );
      return pageOf(rows, query);
    },
  },
  {
    method: 'GET',
    path: '/plugins/:ns/:name',
    answer: ({ params, query }) => {
      const found = plugins.find((one) => one.id === `${params['ns']}/${params['name']}`);
      if (found === undefined)
        return refusal('PLUGIN_NOT_FOUND', `There is no plugin ${params['ns']}/${params['name']}.`);
      const version = query.get('version') ?? found.version;
      if (!found.versions.some((one) => one.version === version))
        return refusal('PLUGIN_NOT_FOUND', `${found.id} has no version ${version}.`);
      return strict(pluginDetailSchema, { ...withInstalled(found), version });
    },
  },
  {
    method: 'GET',
    path: '/plugins/:ns/:name/icon',
    answer: ({ params }) => new Reply(200, iconOf(`${params['ns']}/${params['name']}`), 'image/svg+xml'),
  },
];

const installationRoutes: FakeRoute[] = [
  {
    method: 'POST',
    path: '/installations',
    answer: ({ body }) => {
      const input = installationInputSchema.parse(body);
      const plugin = pluginOf(input.plugin);
      if (plugin.id === 'acme/pager-bridge' && staleOnce) {
        staleOnce = false;
        plugin.permissions.store = { bytes: 1_048_576 };
        plugin.imports.push('patchbay:store');
        plugin.consent = {
          digest: `${plugin.id}-2`,
          lines: [
            ...plugin.consent.lines,
            { kind: 'store', risk: 'low', text: 'Keep up to 1024 KiB of its own data', scope: 'store' },
          ],
        };
      }
      if (input.consent !== plugin.consent.digest)
        return refusal('CONSENT_STALE', 'What you agreed to is not what this version asks for.');
      const check = checkConfiguration(
        plugin.integrationType === null
          ? plugin.configuration
          : { ...plugin.configuration, properties: {}, required: [] },
        input.configuration,
      );
      if (!check.ok)
        return refusal(
          'BODY_INVALID',
          'Some settings cannot be used.',
          check.issues.map(({ path, message }) => ({ path: `configuration.${path}`, message })),
        );
      const made = install(plugin, {
        configuration: check.values,
        secrets: Object.keys(input.secrets),
        environment: input.environment,
      });
      installations.push(made);
      return new Reply(201, made);
    },
  },
  {
    method: 'PATCH',
    path: '/installations/:id',
    answer: ({ params, body }) => {
      const found = installations.find(({ id }) => id === params['id']);
      if (found === undefined) return refusal('NOT_FOUND', 'There is no such installation.');
      const { secrets, ...patch } = installationPatchSchema.parse(body);
      if (secrets !== undefined) found.secretsSet = [...new Set([...found.secretsSet, ...Object.keys(secrets)])];
      Object.assign(found, patch);
      return strict(installationSchema, found);
    },
  },
  {
    method: 'POST',
    path: '/installations/:id/update',
    answer: ({ params, body }) => {
      const found = installations.find(({ id }) => id === params['id']);
      if (found === undefined) return refusal('NOT_FOUND', 'There is no such installation.');
      const { version, consent } = installationUpdateSchema.parse(body);
      const plugin = pluginOf(found.plugin);
      if (consent !== plugin.consent.digest) return refusal('CONSENT_STALE', 'You agreed to something else.');
      const previousVersion = found.version;
      Object.assign(found, { version, previousVersion, updateAvailable: null, state: 'enabled' });
      return strict(installationSchema, found);
    },
  },
  {
    method: 'POST',
    path: '/installations/:id/rollback',
    answer: ({ params }) => {
      const found = installations.find(({ id }) => id === params['id']);
      if (found === undefined) return refusal('NOT_FOUND', 'There is no such installation.');
      const { version, previousVersion } = found;
      if (previousVersion === null) return refusal('CONFLICT', 'There is no version before this one.');
      Object.assign(found, { version: previousVersion, previousVersion: null, updateAvailable: version });
      return strict(installationSchema, found);
    },
  },
];

const integrationRoutes: FakeRoute[] = [
  {
    method: 'GET',
    path: '/integrations',
    answer: ({ query }) =>
      pageOf(
        integrations.filter(({ serviceId }) => (query.get('serviceId') ?? serviceId) === serviceId),
        query,
      ),
  },
  {
    method: 'POST',
    path: '/integrations',
    answer: ({ body }) => {
      const input = integrationInputSchema.parse(body);
      const made = integration({
        type: input.type,
        name: input.name,
        service: services.findIndex(({ id }) => id === input.serviceId),
        counts: [0, 0, 0, 0],
        environment: input.environment,
      });
      const { ipAllow, ipDeny, publishedOnly, ratePerMinute, burst, response, bodySchema, settings } = input;
      const rules = { ipAllow, ipDeny, publishedOnly, ratePerMinute, burst, response, bodySchema };
      Object.assign(made, { ...rules, settings });
      integrations.push(made);
      return new Reply(201, made);
    },
  },
  {
    method: 'PATCH',
    path: '/integrations/:id',
    answer: ({ params, body }) => {
      const found = integrations.find(({ id }) => id === params['id']);
      if (found === undefined) return refusal('NOT_FOUND', 'There is no such integration.');
      const { signatureSecret, signatureRequired, ...patch } = integrationPatchSchema.parse(body);
      if (signatureSecret !== undefined) found.signature.secretSet = signatureSecret !== null;
      if (signatureRequired !== undefined) found.signature.required = signatureRequired;
      Object.assign(found, patch);
      return strict(integrationSchema, found);
    },
  },
  {
    method: 'POST',
    path: '/integrations/:id/rotate-key',
    answer: ({ params }) => {
      const found = integrations.find(({ id }) => id === params['id']);
      if (found === undefined) return refusal('NOT_FOUND', 'There is no such integration.');
      found.key = `pbk_${Math.random().toString(36).slice(2, 14)}Zt4rotated`;
      return found;
    },
  },
  {
    method: 'POST',
    path: '/integrations/:id/rotate-secret',
    answer: ({ params, body }) => {
      const found = integrations.find(({ id }) => id === params['id']);
      if (found === undefined) return refusal('NOT_FOUND', 'There is no such integration.');
      const { overlapHours } = rotateSecretInputSchema.parse(body);
      found.signature.olderSecretUntil = overlapHours === 0 ? null : ago(-60 * overlapHours);
      return found;
    },
  },
  {
    method: 'POST',
    path: '/integrations/:id/test',
    answer: ({ body }) => {
      const own = testEventInputSchema.parse(body).body !== undefined;
      if (own)
        return strict(testEventResultSchema, {
          requestId: 'req_invalid',
          status: 400,
          response: {
            error: { code: 'PAYLOAD_INVALID', message: 'The body is not a payload that this integration understands.' },
          },
        });
      return strict(testEventResultSchema, {
        requestId: newestRequest(),
        status: 202,
        response: { status: 'accepted', events: 1 },
      });
    },
  },
];

const destinationRoutes: FakeRoute[] = [
  {
    method: 'GET',
    path: '/subscriptions',
    answer: () => ({ items: destinations.filter(({ kind }) => kind === 'connector') }),
  },
  {
    method: 'GET',
    path: '/webhooks',
    answer: () => ({ items: destinations.filter(({ kind }) => kind === 'webhook') }),
  },
  ...['/subscriptions', '/webhooks'].flatMap((base) => [
    {
      method: 'PATCH' as const,
      path: `${base}/:id`,
      answer: ({ params, body }: Parameters<FakeRoute['answer']>[0]) => {
        const found = destinations.find(({ id }) => id === params['id']);
        if (found === undefined) return refusal('NOT_FOUND', 'There is no such destination.');
        Object.assign(found, body);
        if (found.state === 'active') found.stateReason = null;
        return strict(destinationSchema, found);
      },
    },
  ]),
  {
    method: 'POST',
    path: '/subscriptions',
    answer: ({ body }) => {
      const input = subscriptionInputSchema.parse(body);
      return new Reply(
        201,
        add({
          kind: 'connector',
          name: input.name,
          filter: input.filter,
          installationId: input.installationId,
          plugin: 'patchbay/jira',
        }),
      );
    },
  },
  {
    method: 'POST',
    path: '/webhooks',
    answer: ({ body }) => {
      const { maxAttempts: _kept, ...input } = webhookInputSchema.parse(body);
      return new Reply(
        201,
        strict(webhookCreatedSchema, {
          ...add({ ...input, kind: 'webhook' }),
          secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
        }),
      );
    },
  },
  {
    method: 'POST',
    path: '/webhooks/:id/rotate-secret',
    answer: ({ params }) => {
      const found = destinations.find(({ id }) => id === params['id']);
      return found === undefined
        ? refusal('NOT_FOUND', 'There is no such webhook.')
        : { ...found, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    },
  },
  {
    method: 'POST',
    path: '/webhooks/:id/test',
    answer: ({ params }) =>
      params['id']?.endsWith('bb')
        ? { ok: true, status: 204, message: 'The target answered 204', durationMs: 83.4 }
        : { ok: false, status: null, message: 'The target could not be reached', durationMs: 12.1 },
  },
];

function add(given: Partial<Destination>): Destination {
  const made = strict(destinationSchema, {
    id: newId('destination'),
    kind: 'webhook',
    name: '',
    environment: 'production',
    maxAttempts: 12,
    state: 'active',
    stateReason: null,
    filter: everything,
    installationId: null,
    plugin: null,
    url: null,
    headers: {},
    createdAt: ago(0),
    counts: { delivered: 0, retrying: 0, dead: 0, waiting: 0 },
    ...given,
  });
  destinations.push(made);
  return made;
}

/** The id of the newest request of the other half of the fake. */
function newestRequest(): string {
  const route = workRoutes().find(({ path }) => path === '/integrations/:id/requests');
  const page = route?.answer({ params: {}, query: new URLSearchParams(), body: undefined, headers: {} });
  return (page as { items: { id: string }[] }).items[0]?.id ?? '';
}

/** List, one and delete of things that only differ by name. */
function rowRoutes<T extends { id: string }>(base: string, rows: T[], noun: string): FakeRoute[] {
  return [
    { method: 'GET', path: base, answer: ({ query }) => pageOf(rows, query) },
    {
      method: 'GET',
      path: `${base}/:id`,
      answer: ({ params }) =>
        rows.find(({ id }) => id === params['id']) ?? refusal('NOT_FOUND', `There is no such ${noun}.`),
    },
    {
      method: 'DELETE',
      path: `${base}/:id`,
      answer: ({ params }) => {
        const index = rows.findIndex(({ id }) => id === params['id']);
        if (index < 0) return refusal('NOT_FOUND', `There is no such ${noun}.`);
        rows.splice(index, 1);
        return new Reply(204, null, 'text/plain');
      },
    },
    {
      method: 'PATCH',
      path: `${base}/:id`,
      answer: ({ params, body }) => {
        const found = rows.find(({ id }) => id === params['id']);
        return found === undefined ? refusal('NOT_FOUND', `There is no such ${noun}.`) : Object.assign(found, body);
      },
    },
  ];
}

import {
  deliveryDetailSchema,
  deliverySchema,
  type Attempt,
  type DeliveryDetail,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import {
  incidentDetailSchema,
  incidentSchema,
  type IncidentDetail,
  type TimelineEntry,
} from '@patchbay/plugin-sdk/contract/rest/incidents';
import { requestDetailSchema, type RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { pageOf, refusal, Reply, strict, type FakeRoute } from './route.ts';

/** Open streams; a change names its topics. */
export const listeners = new Set<(topics: string[]) => void>();
const tell = (...topics: string[]) => listeners.forEach((listener) => listener(topics));

const started = Date.now();
const at = (minutesAgo: number, plusMs = 0) => new Date(started - minutesAgo * 60_000 + plusMs).toISOString();
const payments = { serviceId: 'svc_01kaq2v8n6f0r3w9d5y7m1t4aa', serviceName: 'Payments' };
const shop = { serviceId: 'svc_01kaq2v8n6f0r3w9d5y7m1t4bb', serviceName: 'Storefront' };
const house = { serviceId: 'svc_01kaq2v8n6f0r3w9d5y7m1t4cc', serviceName: 'Default service' };
const jira = 'dst_01kaq2v8n6f0r3w9d5y7m1t4aa';
const hook = 'dst_01kaq2v8n6f0r3w9d5y7m1t4bb';

interface Seed {
  severity: Severity;
  summary: string;
  source: string;
  type: string;
  key: string;
  service: { serviceId: string; serviceName: string };
  status: IncidentDetail['status'];
  minutes: number;
  ticket?: string;
}

const seeds: Seed[] = [
  {
    severity: 'critical',
    summary: 'Primary database db-1 does not answer to health checks',
    source: 'db-1.fra.northwind.example',
    type: 'alertmanager',
    key: 'alertmanager:9f2c41d8a07be356',
    service: payments,
    status: 'open',
    minutes: 3,
    ticket: 'OPS-418',
  },
  {
    severity: 'error',
    summary: 'Checkout: 7.4 % of requests answer 502 over 5 min',
    source: 'grafana/storefront-slo',
    type: 'grafana',
    key: 'grafana:b1f04c',
    service: shop,
    status: 'acknowledged',
    minutes: 26,
    ticket: 'OPS-417',
  },
  {
    severity: 'warning',
    summary: 'TypeError: cannot read properties of undefined (reading "currency") in cart/totals',
    source: 'storefront-web',
    type: 'sentry',
    key: 'sentry:4411873201',
    service: shop,
    status: 'open',
    minutes: 44,
  },
  {
    severity: 'info',
    summary: 'CPU credit balance of batch-runner-2 is below 20',
    source: 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:batch-credit',
    type: 'aws-cloudwatch',
    key: 'cloudwatch:batch-credit',
    service: house,
    status: 'resolved',
    minutes: 95,
  },
  {
    severity: 'critical',
    summary: 'Certificate of pay.northwind.example expires in 48 h',
    source: 'blackbox-exporter',
    type: 'alertmanager',
    key: 'alertmanager:cc19e0',
    service: payments,
    status: 'resolved',
    minutes: 60 * 7,
    ticket: 'OPS-409',
  },
  {
    severity: 'error',
    summary: 'Workflow "release" failed on main (northwind/storefront)',
    source: 'github.com/northwind/storefront',
    type: 'github',
    key: 'github:northwind/storefront:release',
    service: shop,
    status: 'resolved',
    minutes: 60 * 22,
  },
  ...Array.from({ length: 70 }, (_, index): Seed => ({
    severity: (['warning', 'error', 'info', 'critical'] as const)[index % 4]!,
    summary: `Disk of node-${index + 1} is ${80 + (index % 19)} % full`,
    source: `node-${index + 1}.fra.northwind.example`,
    type: 'alertmanager',
    key: `alertmanager:disk-${index + 1}`,
    service: house,
    status: index % 5 === 0 ? 'open' : 'resolved',
    minutes: 60 * 24 + index * 97,
  })),
];

const requests = new Map<string, RequestDetail>();
const deliveries = new Map<string, DeliveryDetail>();
const incidents: IncidentDetail[] = seeds.map((seed, index) => makeIncident(seed, 1042 - index));
incidents[0]!.previousIncidentId = incidents[4]!.id;

function makeIncident(seed: Seed, number: number): IncidentDetail {
  const id = newId('incident', started - seed.minutes * 60_000);
  const plugin = `patchbay/${seed.type}`;
  const request = makeRequest(seed, id, plugin);
  const timeline: TimelineEntry[] = [
    {
      kind: 'event',
      id: newId('event'),
      at: at(seed.minutes, 41),
      action: 'trigger',
      effect: 'opened',
      severity: seed.severity,
      summary: seed.summary,
      requestId: request.id,
      actor: null,
      plugin,
      pluginVersion: '1.0.0',
      durationMs: 3.4,
    },
  ];
  if (index(number) < 3) {
    timeline.push({
      kind: 'event',
      id: newId('event'),
      at: at(seed.minutes / 2, 12),
      action: 'trigger',
      effect: 'updated',
      severity: seed.severity,
      summary: seed.summary,
      requestId: makeRequest(seed, id, plugin).id,
      actor: null,
      plugin,
      pluginVersion: '1.0.0',
      durationMs: 2.1,
    });
  }
  const opened = makeDelivery(seed, id, number, 'incident.opened', 'delivered', 0.02);
  const toHook = makeDelivery(
    seed,
    id,
    number,
    'incident.opened',
    index(number) === 1 ? 'dead' : index(number) === 0 ? 'retrying' : 'delivered',
    0.02,
    true,
  );
  timeline.push(asEntry(opened), asEntry(toHook));
  if (seed.status !== 'open') {
    timeline.push({
      kind: 'event',
      id: newId('event'),
      at: at(seed.minutes * 0.6),
      action: 'acknowledge',
      effect: 'acknowledged',
      severity: null,
      summary: 'Looking at the upstream pool.',
      requestId: null,
      actor: 'Ada Okafor',
      plugin: null,
      pluginVersion: null,
      durationMs: null,
    });
  }
  if (seed.status === 'resolved') {
    timeline.push({
      kind: 'event',
      id: newId('event'),
      at: at(seed.minutes * 0.3),
      action: 'resolve',
      effect: 'resolved',
      severity: seed.severity,
      summary: null,
      requestId: request.id,
      actor: null,
      plugin,
      pluginVersion: '1.0.0',
      durationMs: 1.9,
    });
  }
  timeline.sort((a, b) => a.at.localeCompare(b.at));
  return strict(incidentDetailSchema, {
    id,
    number,
    status: seed.status,
    severity: seed.severity,
    summary: seed.summary,
    source: seed.source,
    environment: 'production',
    type: seed.type,
    dedupKey: seed.key,
    ...seed.service,
    openedAt: at(seed.minutes, 41),
    updatedAt: at(seed.minutes / 2, 12),
    acknowledgedAt: seed.status === 'open' ? null : at(seed.minutes * 0.6),
    resolvedAt: seed.status === 'resolved' ? at(seed.minutes * 0.3) : null,
    eventCount: timeline.filter((entry) => entry.kind === 'event').length,
    linked: seed.ticket
      ? [{ key: seed.ticket, href: `https://northwind.atlassian.example/browse/${seed.ticket}`, title: seed.summary }]
      : [],
    previousIncidentId: null,
    links: [
      { href: 'https://runbooks.northwind.example/db/failover', text: 'Runbook: fail over' },
      { href: 'https://grafana.northwind.example/d/db-overview' },
    ],
    customDetails: {
      labels: {
        alertname: 'DatabaseDown',
        instance: seed.source,
        job: 'postgres',
        severity: seed.severity,
        region: 'fra',
      },
      annotations: {
        description: 'No answer to SELECT 1 for 90 s.',
        runbook_url: 'https://runbooks.northwind.example/db/failover',
      },
      values: { up: 0, lag_seconds: 412.6, replicas: [1, 2] },
      startsAt: at(seed.minutes),
      endsAt: null,
      generatorURL:
        'http://prometheus.fra.northwind.example/graph?g0.expr=up%7Bjob%3D%22postgres%22%7D+%3D%3D+0&g0.tab=1',
    },
    timeline,
  });
}

function index(number: number): number {
  return 1042 - number;
}

function asEntry(delivery: DeliveryDetail): TimelineEntry {
  return {
    kind: 'delivery',
    id: delivery.id,
    at: delivery.createdAt,
    destinationName: delivery.destinationName,
    destinationKind: delivery.destinationKind,
    changeType: delivery.changeType,
    state: delivery.state,
    attempts: delivery.attempts,
    finishedAt: delivery.finishedAt,
    message: delivery.message,
    linked: delivery.linked,
  };
}

function makeRequest(seed: Seed, incidentId: string, plugin: string): RequestDetail {
  const request = strict(requestDetailSchema, {
    id: `req_${requests.size + 1}`,
    integrationId: 'int_01kaq2v8n6f0r3w9d5y7m1t4aa',
    receivedAt: at(seed.minutes),
    method: 'POST',
    state: 'accepted',
    status: 202,
    code: null,
    redacted: false,
    reason: null,
    eventCount: 1,
    bodyBytes: 1432,
    durationMs: 6.2,
    remoteAddress: '10.12.4.7',
    plugin,
    pluginVersion: '1.0.0',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Alertmanager/0.28.0',
      authorization: '[redacted]',
      'content-length': '1432',
    },
    query: { integrationId: ['int_01kaq2v8n6f0r3w9d5y7m1t4aa'] },
    contentType: 'application/json',
    body: {
      text: JSON.stringify({
        version: '4',
        status: 'firing',
        receiver: 'patchbay',
        groupLabels: { alertname: 'DatabaseDown' },
        commonLabels: { alertname: 'DatabaseDown', job: 'postgres' },
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'DatabaseDown', instance: seed.source },
            annotations: { summary: seed.summary },
            startsAt: at(seed.minutes),
            fingerprint: '9f2c41d8a07be356',
          },
        ],
      }),
    },
    issues: [],
    logs: [{ level: 'info', message: 'one alert, fingerprint 9f2c41d8a07be356' }],
    attempts: 1,
    events: [
      {
        id: newId('event'),
        action: 'trigger',
        dedupKey: seed.key,
        severity: seed.severity,
        summary: seed.summary,
        effect: 'opened',
        incidentId,
      },
    ],
  });
  requests.set(request.id, request);
  return request;
}

/** Requests of other fates, at addresses that do not change: `/requests/req_invalid`. */
const fates: Partial<RequestDetail>[] = [
  {
    id: 'req_invalid',
    state: 'invalid',
    status: 400,
    code: 'PAYLOAD_INVALID',
    reason: 'Not an Alertmanager webhook of version 4.',
    eventCount: 0,
    issues: [
      { path: '/alerts/0/status', message: 'Expected "firing" or "resolved", got "alerting"' },
      { path: '/version', message: 'Expected "4", got nothing' },
    ],
    body: { text: '{"status":"alerting","alerts":[{"status":"alerting","labels":{"alertname":"DiskFull"}}]}' },
    events: [],
  },
  {
    id: 'req_refused',
    state: 'refused',
    status: 401,
    code: 'KEY_INVALID',
    reason: 'The key in the Authorization header is not the one of this integration.',
    eventCount: 0,
    plugin: null,
    pluginVersion: null,
    logs: [],
    events: [],
    body: { text: '' },
  },
  {
    id: 'req_dead',
    state: 'dead',
    status: 202,
    code: 'PLUGIN_TIMEOUT',
    reason: 'The run used more than 200 ms of CPU, eight times.',
    eventCount: 0,
    attempts: 8,
    events: [],
    body: { base64: 'AAECAwQFBgcICQ==' },
    contentType: 'application/octet-stream',
  },
];
for (const fate of fates) {
  const base = makeRequest(seeds[0]!, '', 'patchbay/alertmanager');
  requests.set(fate.id!, strict(requestDetailSchema, { ...base, ...fate }));
}

function makeDelivery(
  seed: Seed,
  incidentId: string,
  number: number,
  changeType: DeliveryDetail['changeType'],
  state: DeliveryDetail['state'],
  laterMinutes: number,
  webhook = false,
): DeliveryDetail {
  // An address that does not change, to look at the same screen again.
  const id = `dlv_${9999 - number}_${webhook ? 'hook' : 'jira'}`;
  const from = seed.minutes - laterMinutes;
  const created = at(from);
  const done = state === 'delivered' ? at(from, 900) : state === 'dead' ? at(from, 60_000 * 3) : null;
  const linked =
    !webhook && seed.ticket
      ? { key: seed.ticket, href: `https://northwind.atlassian.example/browse/${seed.ticket}` }
      : null;
  const failing = state === 'dead' || state === 'retrying';
  const attemptList = webhook
    ? webhookAttempts(from, failing, state === 'dead' ? 3 : 1)
    : jiraAttempts(from, seed.ticket ?? 'OPS-400');
  const delivery = strict(deliveryDetailSchema, {
    id,
    destinationId: webhook ? hook : jira,
    destinationName: webhook ? 'Status page' : 'Jira, project OPS',
    destinationKind: webhook ? 'webhook' : 'connector',
    destinationState: 'active',
    incidentId,
    incidentNumber: number,
    summary: seed.summary,
    changeType,
    state,
    attempts: attemptList.length,
    createdAt: created,
    finishedAt: done,
    nextAttemptAt: state === 'retrying' ? new Date(Date.now() + 95_000).toISOString() : null,
    code: failing ? 'HTTP_STATUS' : null,
    message: failing ? 'https://status.northwind.example answered 503.' : null,
    linked,
    plugin: webhook ? null : 'patchbay/jira-cloud',
    pluginVersion: webhook ? null : '1.0.0',
    change: {
      id: newId('change'),
      type: changeType,
      occurredAt: created,
      incident: {
        id: incidentId,
        number,
        status: 'open',
        severity: seed.severity,
        summary: seed.summary,
        source: seed.source,
        dedupKey: seed.key,
      },
    },
    attemptList,
  });
  deliveries.set(id, delivery);
  return delivery;
}

function jiraAttempts(minutes: number, ticket: string): Attempt[] {
  const base = 'https://northwind.atlassian.example/rest/api/3';
  return [
    {
      number: 1,
      startedAt: at(minutes, 30),
      finishedAt: at(minutes, 900),
      outcome: 'delivered',
      code: null,
      message: null,
      cpuMicros: 4210,
      logs: [
        { level: 'info', message: 'no issue carries this incident yet' },
        { level: 'info', message: `created ${ticket}` },
      ],
      requests: [
        {
          ask: 0,
          method: 'POST',
          url: `${base}/search/jql`,
          requestBody: '{"jql":"project = OPS AND labels = pb-inc","fields":["key"],"maxResults":2}',
          sentAt: at(minutes, 60),
          durationMs: 214,
          status: 200,
          code: null,
          responseBody: '{"issues":[],"isLast":true}',
        },
        {
          ask: 1,
          method: 'POST',
          url: `${base}/issue`,
          requestBody:
            '{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Incident"},"summary":"Primary database db-1 does not answer","labels":["pb-inc"],"priority":{"name":"Highest"}}}',
          sentAt: at(minutes, 290),
          durationMs: 566,
          status: 201,
          code: null,
          responseBody: `{"id":"10418","key":"${ticket}","self":"${base}/issue/10418"}`,
        },
      ],
    },
  ];
}

function webhookAttempts(minutes: number, failing: boolean, count: number): Attempt[] {
  return Array.from({ length: count }, (_, index): Attempt => ({
    number: index + 1,
    startedAt: at(minutes, 20 + index * 35_000),
    finishedAt: at(minutes, 320 + index * 35_000),
    outcome: failing ? (index === count - 1 && count > 1 ? 'failed' : 'retry') : 'delivered',
    code: failing ? 'HTTP_STATUS' : null,
    message: failing ? 'https://status.northwind.example answered 503.' : null,
    cpuMicros: 0,
    logs: [],
    requests: [
      {
        ask: 0,
        method: 'POST',
        url: 'https://status.northwind.example/hooks/patchbay',
        requestBody:
          '{"type":"incident.opened","timestamp":"2026-11-22T02:40:00Z","data":{"incident":{"number":1042,"status":"open"}}}',
        sentAt: at(minutes, 24 + index * 35_000),
        durationMs: 296,
        status: failing ? 503 : 204,
        code: failing ? 'HTTP_STATUS' : null,
        responseBody: failing ? '<html><body>Service Unavailable</body></html>' : null,
      },
    ],
  })).reverse();
}

function act(
  id: string,
  to: 'acknowledged' | 'resolved' | 'open',
  action: string,
  effect: string,
  note: unknown,
): unknown {
  const incident = incidents.find((one) => one.id === id);
  if (!incident) return refusal('NOT_FOUND', 'There is no such incident.');
  const now = new Date().toISOString();
  incident.status = to;
  incident.updatedAt = now;
  incident.acknowledgedAt = to === 'acknowledged' ? now : incident.acknowledgedAt;
  incident.resolvedAt = to === 'resolved' ? now : null;
  incident.timeline.push({
    kind: 'event',
    id: newId('event'),
    at: now,
    action,
    effect,
    severity: null,
    summary: typeof note === 'string' ? note : null,
    requestId: null,
    actor: 'Ada Okafor',
    plugin: null,
    pluginVersion: null,
    durationMs: null,
  });
  setTimeout(() => tell('incidents'), 50);
  return strict(incidentDetailSchema, incident);
}

export function workRoutes(): FakeRoute[] {
  return [
    {
      method: 'GET',
      path: '/incidents',
      answer: ({ query }) => {
        const has = (name: string, value: string) => !query.has(name) || query.getAll(name).includes(value);
        const q = query.get('q')?.toLowerCase();
        const rows = incidents.filter(
          (one) =>
            has('status', one.status) &&
            has('severity', one.severity) &&
            has('serviceId', one.serviceId) &&
            has('type', one.type) &&
            (!q || `${one.number} ${one.summary} ${one.source}`.toLowerCase().includes(q)),
        );
        return pageOf(
          rows.map((row) => incidentSchema.parse(row)),
          query,
        );
      },
    },
    {
      method: 'GET',
      path: '/incidents/:id',
      answer: ({ params }) =>
        incidents.find((one) => one.id === params['id'] || String(one.number) === params['id']) ??
        refusal('NOT_FOUND', 'There is no such incident.'),
    },
    {
      method: 'POST',
      path: '/incidents/:id/acknowledge',
      answer: ({ params, body }) =>
        act(params['id']!, 'acknowledged', 'acknowledge', 'acknowledged', (body as { note?: string }).note),
    },
    {
      method: 'POST',
      path: '/incidents/:id/resolve',
      answer: ({ params, body }) =>
        act(params['id']!, 'resolved', 'resolve', 'resolved', (body as { note?: string }).note),
    },
    {
      method: 'POST',
      path: '/incidents/:id/reopen',
      answer: ({ params, body }) => act(params['id']!, 'open', 'reopen', 'reopened', (body as { note?: string }).note),
    },
    {
      method: 'POST',
      path: '/fake/alert',
      answer: () => {
        const number = incidents[0]!.number + 1;
        incidents.unshift(
          makeIncident(
            { ...seeds[2]!, summary: `A new alert came in (${number})`, key: `fake:${number}`, minutes: 0 },
            number,
          ),
        );
        tell('incidents', 'deliveries', 'requests');
        return { number };
      },
    },
    {
      method: 'GET',
      path: '/deliveries',
      answer: ({ query }) => {
        const has = (name: string, value: string) => !query.has(name) || query.getAll(name).includes(value);
        const rows = [...deliveries.values()]
          .filter(
            (one) =>
              has('state', one.state) &&
              has('destinationId', one.destinationId) &&
              has('incidentId', one.incidentId) &&
              has('changeType', one.changeType),
          )
          .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
        return pageOf(
          rows.map((row) => deliverySchema.parse(row)),
          query,
        );
      },
    },
    {
      method: 'GET',
      path: '/deliveries/:id',
      answer: ({ params }) => deliveries.get(params['id']!) ?? refusal('NOT_FOUND', 'There is no such delivery.'),
    },
    {
      method: 'POST',
      path: '/deliveries/:id/replay',
      answer: ({ params }) => {
        const delivery = deliveries.get(params['id']!)!;
        delivery.state = 'queued';
        delivery.finishedAt = null;
        tell('deliveries');
        return delivery;
      },
    },
    {
      method: 'POST',
      path: '/deliveries/:id/cancel',
      answer: ({ params }) => {
        const delivery = deliveries.get(params['id']!)!;
        if (delivery.state === 'delivered') return refusal('CONFLICT', 'The delivery has ended already.');
        delivery.state = 'cancelled';
        delivery.nextAttemptAt = null;
        tell('deliveries');
        return delivery;
      },
    },
    {
      method: 'GET',
      path: '/requests/:id',
      answer: ({ params }) => requests.get(params['id']!) ?? refusal('NOT_FOUND', 'There is no such request.'),
    },
    {
      method: 'POST',
      path: '/requests/:id/replay',
      answer: ({ params }) => {
        const request = requests.get(params['id']!)!;
        request.state = 'pending';
        request.attempts = 0;
        tell('requests');
        return new Reply(202, request);
      },
    },
    { method: 'GET', path: '/integrations/:id/requests', answer: ({ query }) => pageOf([...requests.values()], query) },
  ];
}

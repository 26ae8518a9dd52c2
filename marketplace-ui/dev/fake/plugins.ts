import type { z } from 'zod';
import { configurationSchemaSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { secretDeclarationSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { permissionsSchema } from '@patchbay/plugin-sdk/contract/permissions';
import { pluginDetailSchema, type ConsentLine, type PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { authenticationSchema } from '@patchbay/plugin-sdk/contract/verifier';
import { strict } from './route.ts';

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

interface Seed {
  id: string;
  name: string;
  summary: string;
  vendor: string;
  categories: string[];
  integrationType?: string;
  installs: number;
  rating: { average: number | null; count: number };
  days: number;
  version?: string;
  older?: string[];
  hostApi?: string;
  readme?: string;
  configuration?: z.input<typeof configurationSchemaSchema>;
  authentication?: z.input<typeof authenticationSchema>;
  permissions?: z.input<typeof permissionsSchema>;
  secrets?: z.input<typeof secretDeclarationSchema>[];
  lines?: ConsentLine[];
  senderTemplate?: { label: string; text: string };
}

const checkNames = ['archive', 'manifest', 'imports', 'reproduced', 'fixtures'];

function plugin(seed: Seed): PluginDetail {
  const [namespace = ''] = seed.id.split('/');
  const ours = namespace === 'patchbay';
  const version = seed.version ?? '1.0.0';
  const permissions = permissionsSchema.parse(seed.permissions ?? {});
  return strict(pluginDetailSchema, {
    id: seed.id,
    version,
    name: seed.name,
    summary: seed.summary,
    vendor: seed.vendor,
    categories: seed.categories,
    provides: [seed.integrationType === undefined ? 'deliver' : 'ingest'],
    integrationType: seed.integrationType ?? null,
    icon: `/api/plugins/${seed.id}/icon?version=${version}`,
    publisher: { namespace, firstParty: ours },
    rating: seed.rating,
    installs: seed.installs,
    updatedAt: ago(seed.days),
    installed: null,
    deprecated: null,
    readme: seed.readme ?? readme(seed.name),
    changelog:
      seed.older === undefined ? null : `## ${version}\n\n- Handles answers that come late.\n- Clearer messages.`,
    licence: 'Apache-2.0',
    homepage: 'https://docs.example.com/alerts',
    hostApi: seed.hostApi ?? '^1.0.0',
    permissions,
    secrets: (seed.secrets ?? []).map((secret) => secretDeclarationSchema.parse(secret)),
    configuration: configurationSchemaSchema.parse(seed.configuration ?? {}),
    authentication: authenticationSchema.parse(seed.authentication ?? {}),
    senderTemplate: seed.senderTemplate ?? null,
    consent: { digest: `${seed.id}-1`, lines: seed.lines ?? [] },
    sha256: '9f2c41d8a07be3561f0d7cc9a8b34e5512ab90cd34ef5678aa11bb22cc33dd44',
    signedBy: { author: `ed25519:${namespace}-4f1c9a20`, registry: 'ed25519:local-registry-77ab02d1' },
    imports: ['patchbay:io', ...Object.keys(permissions).map((capability) => `patchbay:${capability}`)],
    versions: [version, ...(seed.older ?? [])].map((one, index) => ({
      version: one,
      publishedAt: ago(seed.days + index * 21),
      state: index === 2 ? 'yanked' : 'published',
    })),
    checks: checkNames.map((name) => ({ name, outcome: 'passed' as const, summary: checkSummaries[name] ?? '' })),
  });
}

const checkSummaries: Record<string, string> = {
  archive: '34 files, no link, no odd path, 412 KiB unpacked.',
  manifest: 'Every field is known; id and version are those announced.',
  imports: 'The module imports what the manifest declares, and nothing more.',
  reproduced: 'Built again from the enclosed source: the same bytes.',
  fixtures: '12 of 12 recorded payloads gave the expected events.',
};

function readme(name: string): string {
  return `# ${name}\n\nTurns what **${name}** sends into incidents.\n\n## Set it up\n\n1. Add an integration of this type.\n2. Copy its URL and key into ${name}.\n3. Send a test.\n\n\`\`\`yaml\nreceivers:\n  - name: patchbay\n    webhook_configs:\n      - url: https://patchbay.example.com/api/integrations/...\n        send_resolved: true\n\`\`\`\n\n| Sent | Becomes |\n| --- | --- |\n| firing | trigger |\n| resolved | resolve |\n\nSee [the documentation](https://docs.example.com/alerts). ![screenshot](https://example.com/a.png) <script>alert(1)</script>\n`;
}

const severity = {
  type: 'string' as const,
  title: 'Severity of an alert without one',
  description: 'Used when the sender names no severity, or an unknown word.',
  enum: ['critical', 'error', 'warning', 'info'],
  default: 'error',
};

export const plugins: PluginDetail[] = [
  plugin({
    id: 'patchbay/alertmanager',
    name: 'Prometheus Alertmanager',
    summary: 'One incident for every alert of an Alertmanager webhook receiver; resolves when the alert does.',
    vendor: 'Prometheus',
    categories: ['monitoring'],
    integrationType: 'alertmanager',
    installs: 1841,
    rating: { average: 4.7, count: 96 },
    days: 2,
    configuration: { properties: { defaultSeverity: severity } },
    senderTemplate: {
      label: 'alertmanager.yml',
      text: 'receivers:\n  - name: patchbay\n    webhook_configs:\n      - url: URL\n        http_config:\n          authorization:\n            credentials: KEY\n        send_resolved: true\n',
    },
  }),
  plugin({
    id: 'patchbay/grafana',
    name: 'Grafana Alerting',
    summary: 'One incident for every alert of a Grafana webhook contact point.',
    vendor: 'Grafana',
    categories: ['monitoring'],
    integrationType: 'grafana',
    installs: 1530,
    rating: { average: 4.5, count: 61 },
    days: 9,
    configuration: {
      properties: {
        defaultSeverity: severity,
        severities: {
          type: 'object',
          title: 'Your own severity words',
          description: 'From a value of the severity label to critical, error, warning or info.',
          additionalProperties: { type: 'string' },
          default: { sev1: 'critical' },
        },
      },
    },
    authentication: {
      signatures: [{ kind: 'hmac', header: 'X-Grafana-Alerting-Signature', hash: 'sha256', encoding: 'hex' }],
    },
  }),
  plugin({
    id: 'patchbay/github',
    name: 'GitHub',
    summary: 'Failed workflows, deployments and security alerts of GitHub repositories.',
    vendor: 'GitHub',
    categories: ['ci'],
    integrationType: 'github',
    installs: 1204,
    rating: { average: 4.2, count: 38 },
    days: 16,
    configuration: {
      properties: {
        branches: {
          type: 'array',
          title: 'Only these branches',
          description: 'A name may end in *. Empty: all branches.',
          items: { type: 'string' },
          maxItems: 50,
        },
        issues: { type: 'boolean', title: 'Issues open incidents', default: true },
      },
    },
    authentication: {
      signatures: [
        { kind: 'hmac', header: 'X-Hub-Signature-256', prefix: 'sha256=', hash: 'sha256', encoding: 'hex' },
        { kind: 'token-header', header: 'X-Gitlab-Token' },
      ],
    },
  }),
  plugin({
    id: 'patchbay/aws-cloudwatch',
    name: 'AWS CloudWatch',
    summary: 'CloudWatch alarms over an SNS topic, with Amazon’s signature checked and the subscription confirmed.',
    vendor: 'Amazon Web Services',
    categories: ['monitoring'],
    integrationType: 'aws-cloudwatch',
    installs: 877,
    rating: { average: null, count: 0 },
    days: 30,
    authentication: { signatures: [{ kind: 'sns' }], handshake: 'sns-subscription' },
  }),
  plugin({
    id: 'patchbay/sentry',
    name: 'Sentry',
    summary: 'Issues and metric alerts of Sentry’s integration platform.',
    vendor: 'Sentry',
    categories: ['monitoring'],
    integrationType: 'sentry',
    installs: 640,
    rating: { average: 4.1, count: 12 },
    days: 44,
    version: '1.2.0',
    older: ['1.1.0', '1.0.0'],
  }),
  plugin({
    id: 'patchbay/jira',
    name: 'Jira Cloud',
    summary:
      'Opens a Jira issue for an incident, comments on it as the incident changes, and moves it when it is resolved.',
    vendor: 'Atlassian',
    categories: ['ticketing'],
    installs: 1377,
    rating: { average: 4.6, count: 83 },
    days: 5,
    configuration: {
      properties: {
        siteUrl: {
          type: 'string',
          title: 'Site',
          description: 'The address of your Jira Cloud site.',
          format: 'uri',
          examples: ['https://example.atlassian.net'],
        },
        email: {
          type: 'string',
          title: 'E-mail of the account',
          description: 'Issues and comments are written in its name.',
          format: 'email',
        },
        projectKey: { type: 'string', title: 'Project key', pattern: '^[A-Z][A-Z0-9]{1,9}$', examples: ['OPS'] },
        comment: { type: 'boolean', title: 'Comment on every update', default: true },
        labels: { type: 'array', title: 'Labels', items: { type: 'string' }, default: ['patchbay'] },
      },
      required: ['siteUrl', 'email', 'projectKey'],
    },
    permissions: {
      http: [
        {
          host: { configuration: 'siteUrl' },
          pathPrefix: '/rest/api/3/',
          methods: ['GET', 'POST', 'PUT'],
          reason: 'to find, create and update the issue of an incident',
        },
      ],
      store: { bytes: 65_536 },
    },
    secrets: [
      {
        name: 'apiToken',
        title: 'API token',
        description: 'Made under id.atlassian.com, Security, API tokens.',
        credential: { kind: 'basic', host: { configuration: 'siteUrl' }, username: 'email' },
      },
    ],
    lines: [
      {
        kind: 'secret',
        risk: 'high',
        text: 'Act with “API token” on the address that you enter as “Site”: it can do there whatever this secret allows, and never sees its value',
        scope: 'the address that you enter as “Site”',
      },
      {
        kind: 'http',
        risk: 'medium',
        text: 'Send GET, POST and PUT requests to the address that you enter as “Site”, below /rest/api/3/',
        scope: 'the address that you enter as “Site”, below /rest/api/3/',
      },
      { kind: 'store', risk: 'low', text: 'Keep up to 64 KiB of its own data', scope: 'store' },
    ],
  }),
  plugin({
    id: 'acme/desk',
    name: 'Acme Desk',
    summary:
      'Opens a ticket for an incident, comments on it as the incident changes, and moves it when it is resolved.',
    vendor: 'Acme',
    categories: ['ticketing'],
    installs: 44,
    rating: { average: 4.6, count: 83 },
    days: 5,
    configuration: {
      properties: {
        siteUrl: {
          type: 'string',
          title: 'Site',
          description: 'The address of your Acme Desk site.',
          format: 'uri',
          examples: ['https://example.acmedesk.com'],
        },
        email: {
          type: 'string',
          title: 'E-mail of the account',
          description: 'Issues and comments are written in its name.',
          format: 'email',
        },
        projectKey: { type: 'string', title: 'Project key', pattern: '^[A-Z][A-Z0-9]{1,9}$', examples: ['OPS'] },
        comment: { type: 'boolean', title: 'Comment on every update', default: true },
        labels: { type: 'array', title: 'Labels', items: { type: 'string' }, default: ['patchbay'] },
      },
      required: ['siteUrl', 'email', 'projectKey'],
    },
    permissions: {
      http: [
        {
          host: { configuration: 'siteUrl' },
          pathPrefix: '/rest/api/3/',
          methods: ['GET', 'POST', 'PUT'],
          reason: 'to find, create and update the issue of an incident',
        },
      ],
      store: { bytes: 65_536 },
    },
    secrets: [
      {
        name: 'apiToken',
        title: 'API token',
        description: 'Made under your profile, Security, API tokens.',
        credential: { kind: 'basic', host: { configuration: 'siteUrl' }, username: 'email' },
      },
    ],
    lines: [
      {
        kind: 'secret',
        risk: 'high',
        text: 'Act with “API token” on the address that you enter as “Site”: it can do there whatever this secret allows, and never sees its value',
        scope: 'the address that you enter as “Site”',
      },
      {
        kind: 'http',
        risk: 'medium',
        text: 'Send GET, POST and PUT requests to the address that you enter as “Site”, below /rest/api/3/',
        scope: 'the address that you enter as “Site”, below /rest/api/3/',
      },
      { kind: 'store', risk: 'low', text: 'Keep up to 64 KiB of its own data', scope: 'store' },
    ],
  }),
  plugin({
    id: 'acme/pager-bridge',
    name: 'Pager Bridge',
    summary: 'Rings a phone for critical incidents through the Acme gateway.',
    vendor: 'Acme',
    categories: ['chat'],
    installs: 12,
    rating: { average: 2.5, count: 2 },
    days: 1,
    version: '0.3.1',
    permissions: {
      http: [{ host: '*.acme-gateway.com', methods: ['GET', 'POST'], reason: 'to place the call' }],
      schedule: { maxDelaySeconds: 86_400 },
    },
    lines: [
      {
        kind: 'http',
        risk: 'high',
        text: 'Send GET and POST requests to https://*.acme-gateway.com/ (to place the call)',
        scope: 'https://*.acme-gateway.com/',
      },
      { kind: 'schedule', risk: 'low', text: 'Pause its work and go on up to 24 hours later', scope: '86400 s' },
    ],
  }),
  plugin({
    id: 'acme/next-gen',
    name: 'Next Gen Alerts',
    summary: 'Needs an interface that this host does not have yet.',
    vendor: 'Acme',
    categories: ['generic'],
    integrationType: 'next-gen',
    installs: 3,
    rating: { average: null, count: 0 },
    days: 0.2,
    hostApi: '^2.0.0',
  }),
];

/** A square in the colour of the plugin's name. */
export function iconOf(id: string): string {
  const hue = Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const letter = (id.split('/')[1] ?? '?').charAt(0).toUpperCase();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="hsl(${hue} 55% 38%)"/><text x="16" y="22" font-family="sans-serif" font-size="17" font-weight="700" text-anchor="middle" fill="#fff">${letter}</text></svg>`;
}

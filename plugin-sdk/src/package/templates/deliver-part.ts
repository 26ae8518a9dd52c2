import type { PluginPart } from './plugin-part.ts';

const site = { configuration: 'siteUrl' };
const opened = { type: 'incident.opened', incident: { number: 7, summary: 'Disk full on db-1' } };
const requests = [
  { method: 'POST', url: 'https://api.example.com/v1/messages', body: { text: '#7 Disk full on db-1' } },
];

/** Tells another service of incidents: one POST for each that opens. */
export const deliverPart: PluginPart = {
  manifest: {
    provides: ['deliver'],
    configuration: {
      properties: {
        siteUrl: {
          type: 'string',
          format: 'uri',
          title: 'Address',
          description: 'For instance https://api.example.com',
        },
      },
      required: ['siteUrl'],
    },
    secrets: [{ name: 'apiToken', title: 'API token', credential: { kind: 'bearer', host: site } }],
    permissions: {
      http: [{ host: site, pathPrefix: '/v1/messages', methods: ['POST'], reason: 'to post a message per incident' }],
    },
  },
  imports: ['delivered', 'failed', 'retry', 'skipped'],
  settings: ['siteUrl: string'],
  declarations: [],
  neededSettings: { siteUrl: 'https://api.example.com' },
  fixtures: {
    opened: {
      description: 'An incident that opens is told',
      change: opened,
      answers: [{ status: 201, body: { id: 'm-1' } }],
      expected: { outcome: 'delivered', requests },
    },
    busy: {
      description: 'A service that is busy is asked again later',
      change: opened,
      answers: [{ status: 503 }],
      expected: { outcome: 'retry', requests },
    },
    'closed-is-not-told': {
      description: 'The end of an incident is not told',
      change: { type: 'incident.resolved' },
      expected: { outcome: 'skipped', requests: [] },
    },
  },
  method: `  async deliver(change, { configuration, log }) {
    if (change.type !== 'incident.opened') return skipped('Only new incidents are told');
    const { incident } = change;
    const response = await fetch(new URL('/v1/messages', configuration.siteUrl), {
      method: 'POST',
      // The host attaches the secret of this name; the plugin never sees it.
      credential: 'apiToken',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: \`#\${incident.number} \${incident.summary}\`, link: incident.url }),
    });
    if (response.ok) return delivered();
    log.warn('The service refused', { status: response.status });
    if (response.status === 429 || response.status >= 500) return retry(\`The service answered \${response.status}\`);
    return failed(\`The service answered \${response.status}\`);
  },
`,
};

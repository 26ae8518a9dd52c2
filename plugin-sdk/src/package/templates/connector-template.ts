import type { TemplateNames } from './template-names.ts';
import { commonFiles } from './common-files.ts';

/** A plugin that tells another service of incidents: one POST for each that opens. */
export function connectorTemplate(names: TemplateNames): Record<string, string> {
  const site = { configuration: 'siteUrl' };
  return {
    ...commonFiles(names, {
      summary: `Tells ${names.title} of every incident that opens.`,
      categories: ['chat'],
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
    }),
    'src/index.ts': SOURCE,
  };
}

const SOURCE = `import { defineIntegration, delivered, failed, retry, skipped } from '@patchbay/plugin-sdk';

interface Settings {
  siteUrl: string;
}

export default defineIntegration<Settings>({
  async deliver(change, { configuration }) {
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
    if (response.status === 429 || response.status >= 500) return retry(\`The service answered \${response.status}\`);
    return failed(\`The service answered \${response.status}\`);
  },
});
`;

import type { TemplateNames } from './template-names.ts';
import { commonFiles, json } from './common-files.ts';

/** A plugin that understands the requests of one sender: `{"alert", "host", "state"}` becomes an event. */
export function ingestTemplate(names: TemplateNames): Record<string, string> {
  return {
    ...commonFiles(names, {
      summary: `Opens and resolves incidents for the alerts of ${names.title}.`,
      categories: ['monitoring'],
      provides: ['ingest'],
      integrationType: names.name,
      configuration: {
        properties: {
          severity: {
            type: 'string',
            title: 'Severity',
            description: 'Used for every alert.',
            enum: ['critical', 'error', 'warning', 'info'],
            default: 'error',
          },
        },
      },
    }),
    'src/index.ts': source(names.name),
    'fixtures/firing.json': json({
      description: 'An alert that fires opens an incident',
      request: { body: { alert: 'Disk full', host: 'db-1', state: 'firing' } },
      expected: {
        outcome: 'events',
        events: [
          {
            event_action: 'trigger',
            dedup_key: `${names.name}:db-1:Disk full`,
            payload: { summary: 'Disk full on db-1' },
          },
        ],
      },
    }),
    'fixtures/resolved.json': json({
      description: 'The same alert, resolved, has the same key',
      request: { body: { alert: 'Disk full', host: 'db-1', state: 'resolved' } },
      expected: { outcome: 'events', events: [{ event_action: 'resolve', dedup_key: `${names.name}:db-1:Disk full` }] },
    }),
    'fixtures/not-an-alert.json': json({
      description: 'Anything else is refused, with the reason',
      request: { body: { hello: 'world' } },
      expected: { outcome: 'invalid' },
    }),
  };
}

const source = (name: string): string => `import { defineIntegration, invalid, severityOf } from '@patchbay/plugin-sdk';

interface Alert {
  alert: string;
  host: string;
  state: 'firing' | 'resolved';
}

function isAlert(body: unknown): body is Alert {
  const { alert, host, state } = Object(body) as Partial<Alert>;
  return typeof alert === 'string' && typeof host === 'string' && (state === 'firing' || state === 'resolved');
}

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.json();
    if (!isAlert(body)) return invalid('Expected {alert, host, state: firing or resolved}');
    return {
      event_action: body.state === 'firing' ? 'trigger' : 'resolve',
      // The same problem must always give the same key: by it, events find their incident.
      dedup_key: \`${name}:\${body.host}:\${body.alert}\`,
      payload: {
        summary: \`\${body.alert} on \${body.host}\`,
        source: body.host,
        severity: severityOf(configuration.severity) ?? 'error',
      },
    };
  },
});
`;

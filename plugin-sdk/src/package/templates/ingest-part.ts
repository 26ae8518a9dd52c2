import type { PluginPart } from './plugin-part.ts';
import type { TemplateNames } from './template-names.ts';

/** Understands the requests of one sender: `{"alert", "host", "state"}` becomes an event. */
export function ingestPart({ name }: TemplateNames): PluginPart {
  const dedup_key = `${name}:db-1:Disk full`;
  return {
    manifest: {
      provides: ['ingest'],
      integrationType: name,
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
    },
    imports: ['invalid', 'severityOf'],
    settings: ['severity: string'],
    declarations: [ALERT],
    method: method(name),
    neededSettings: {},
    fixtures: {
      firing: {
        description: 'An alert that fires opens an incident',
        sample: true,
        request: { body: { alert: 'Disk full', host: 'db-1', state: 'firing' } },
        expected: {
          outcome: 'events',
          events: [{ event_action: 'trigger', dedup_key, payload: { summary: 'Disk full on db-1' } }],
        },
      },
      resolved: {
        description: 'The same alert, resolved, has the same key',
        request: { body: { alert: 'Disk full', host: 'db-1', state: 'resolved' } },
        expected: { outcome: 'events', events: [{ event_action: 'resolve', dedup_key }] },
      },
      'not-an-alert': {
        description: 'Anything else is refused, with the reason',
        request: { body: { hello: 'world' } },
        expected: { outcome: 'invalid' },
      },
    },
  };
}

const ALERT = `interface Alert {
  alert: string;
  host: string;
  state: 'firing' | 'resolved';
}

function isAlert(body: unknown): body is Alert {
  const { alert, host, state } = Object(body) as Partial<Alert>;
  return typeof alert === 'string' && typeof host === 'string' && (state === 'firing' || state === 'resolved');
}
`;

const method = (name: string): string => `  ingest(request, { configuration }) {
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
`;

import { defineIntegration, ingestedFrom, productEvent, severityOf, severityReader } from '@patchbay/plugin-sdk';
import type { IngestRequest, MessageReading } from '@patchbay/plugin-sdk';
import { incidentAction, incidentEvent } from './incident-event.ts';
import type { Settings } from './incident-event.ts';
import { messagesSchema, v3IncidentSchema, v3Schema } from './pagerduty.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.json();
    const settings = readSettings(configuration);
    const isOld = typeof body === 'object' && body !== null && 'messages' in body;
    // Senders that were set up for PagerDuty's Events API can be pointed here as they are.
    const sent = productEvent(body, 'pagerduty', settings.severity);
    if (sent !== undefined) return [sent];
    const readings = isOld ? readMessages(request, settings) : [readV3(request, settings)];
    return ingestedFrom(readings, request, 'The request holds no messages');
  },
});

function readSettings(configuration: Record<string, unknown>): Settings {
  return {
    severity: severityReader(configuration, 'error'),
    highSeverity: severityOf(configuration.highSeverity) ?? 'error',
    lowSeverity: severityOf(configuration.lowSeverity) ?? 'warning',
    ownWords: new Set(Object.keys(Object(configuration.severities) as object).map((word) => word.trim().toLowerCase())),
  };
}

function readV3(request: IngestRequest, settings: Settings): MessageReading {
  const { event } = request.parse(v3Schema);
  if (event.event_type === 'pagey.ping') return { ignored: "PagerDuty's test of the webhook arrived" };
  const action = incidentAction(event.event_type);
  if (action === undefined) return unchanged(event.event_type);
  const { data } = request.parse(v3IncidentSchema).event;
  return incidentEvent(action, data, event.occurred_at, settings);
}

function readMessages(request: IngestRequest, settings: Settings): MessageReading[] {
  return request.parse(messagesSchema).messages.map((message, index): MessageReading => {
    const type = String(message.event ?? message.type ?? '');
    const action = incidentAction(type);
    if (action === undefined) return unchanged(type);
    const incident = message.incident ?? message.data?.incident;
    if (incident === undefined || incident === null)
      return { issues: [{ path: `messages.${index}.incident`, message: 'Missing: expected the incident' }] };
    return incidentEvent(action, incident, message.created_on, settings);
  });
}

const unchanged = (type: string) => ({ ignored: `"${type.slice(0, 60)}" messages change no incident here` });

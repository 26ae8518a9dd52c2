import { dedupKey, detailsOf, eventOf } from '@patchbay/plugin-sdk';
import type { EventAction, LooseFields, MessageReading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

/** `$INCIDENT_STATUS` of Datadog's Incident Management; what is stable is not over yet. */
const STATUSES: Record<string, EventAction> = {
  active: 'trigger',
  stable: 'trigger',
  resolved: 'resolve',
  completed: 'resolve',
};

/** `$INCIDENT_SEVERITY`; what is unknown is as bad as the settings say. */
const SEVERITIES: Record<string, string> = {
  'sev-0': 'critical',
  'sev-1': 'critical',
  'sev-2': 'error',
  'sev-3': 'warning',
  'sev-4': 'info',
  'sev-5': 'info',
};

/** The event of an incident that was declared in Datadog; undefined for a message about something else. */
export function incidentEvent(fields: LooseFields, message: unknown, settings: Settings): MessageReading | undefined {
  const status = fields.text('incident_status')?.toLowerCase();
  const id = fields.text('incident_public_id', 'incident_uuid');
  if (status === undefined || id === undefined) return undefined;
  const action = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  if (action === undefined) return { ignored: `The status "${status.slice(0, 60)}" changes no incident` };
  const severity = fields.text('incident_severity')?.toLowerCase() ?? '';
  return eventOf({
    action,
    key: dedupKey('datadog', fields.text('org_id', 'org.id', 'org_name', 'org.name') ?? 'org', 'incident', id),
    summary: [fields.text('incident_title', 'event_title', 'title'), `Incident ${id}`],
    source: [fields.text('org_name', 'org.name'), 'Datadog'],
    severity: settings.severity(
      undefined,
      Object.hasOwn(SEVERITIES, severity) ? SEVERITIES[severity] : severity,
      undefined,
    ),
    kind: 'incident',
    timestamp: fields.text('last_updated', 'date'),
    links: [[fields.text('incident_url', 'link', 'url'), 'Incident in Datadog']],
    details: detailsOf(message),
  });
}

import { dedupKey, eventOf, firstText, severityOf, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { Incident } from './pagerduty.schema.ts';

export interface Settings {
  severity: (word: unknown) => Severity;
  highSeverity: Severity;
  lowSeverity: Severity;
  /** The operator's own names of priorities, in lower case. */
  ownWords: Set<string>;
}

/** The part of a type after "incident.": version 3 writes what happened, versions 1 and 2 what was done. */
const ACTIONS = new Map<string, EventAction>([
  ['triggered', 'trigger'],
  ['trigger', 'trigger'],
  ['reopened', 'trigger'],
  ['unacknowledged', 'trigger'],
  ['unacknowledge', 'trigger'],
  ['acknowledged', 'acknowledge'],
  ['acknowledge', 'acknowledge'],
  ['resolved', 'resolve'],
  ['resolve', 'resolve'],
]);

/** What a type of message does to an incident; undefined for assignments, notes, escalations and the like. */
export function incidentAction(type: string): EventAction | undefined {
  return type.startsWith('incident.') ? ACTIONS.get(type.slice('incident.'.length)) : undefined;
}

export function incidentEvent(
  action: EventAction,
  incident: Incident,
  occurredAt: unknown,
  settings: Settings,
): Reading {
  const service = firstText(incident.service?.summary, incident.service?.name);
  const subject = firstText(
    incident.title,
    incident.summary,
    incident.description,
    incident.trigger_summary_data?.subject,
    incident.trigger_summary_data?.description,
  );
  const title = subject ?? `Incident ${incident.id}`;
  return eventOf({
    action,
    key: dedupKey('pagerduty', incident.id),
    summary: [title],
    source: [service, 'PagerDuty'],
    severity: severityFor(incident, settings),
    kind: 'incident',
    component: service,
    timestamp: firstText(occurredAt, incident.created_at, incident.created_on),
    links: [
      [incident.html_url, 'Incident in PagerDuty'],
      [incident.service?.html_url, service],
    ],
    details: {
      incident_key: incident.incident_key ?? null,
      urgency: incident.urgency ?? null,
      priority: firstText(incident.priority?.summary, incident.priority?.name) ?? null,
      service: service ?? null,
    },
  });
}

/** The priority says more than the urgency, where an account uses priorities. */
function severityFor({ priority, urgency }: Incident, settings: Settings): Severity {
  const word = firstText(priority?.summary, priority?.name);
  if (word !== undefined && (settings.ownWords.has(word.toLowerCase()) || severityOf(word) !== undefined))
    return settings.severity(word);
  return textOf(urgency)?.toLowerCase() === 'low' ? settings.lowSeverity : settings.highSeverity;
}

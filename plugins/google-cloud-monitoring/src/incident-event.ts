import { dedupKey, detailsOf, eventOf, firstText, redactText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload } from '@patchbay/plugin-sdk';
import type { Incident, IncidentMessage } from './incident.schema.ts';
import type { Settings } from './settings.ts';

const STATES: Record<string, EventAction> = {
  open: 'trigger',
  opened: 'trigger',
  closed: 'resolve',
  acknowledged: 'acknowledge',
};

/** The event of an incident; its id is the same from open to closed. */
export function incidentEvent(
  { incident, version }: IncidentMessage,
  settings: Settings,
): EventPayload | { ignored: string } {
  const state = incident.state.trim().toLowerCase();
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined) return { ignored: `The incident's state is "${incident.state.slice(0, 60)}"` };
  const id = textOf(incident.incident_id) ?? '';
  const project = firstText(incident.scoping_project_id, incident.scoping_project_number, projectOf(incident.url));
  const test = isTest(incident, version);
  if (test && settings.ignoreTests) return { ignored: "Google Cloud's test notification arrived" };

  const documentation = typeof incident.documentation === 'object' ? incident.documentation : undefined;
  const policy = textOf(incident.policy_name);
  const condition = textOf(incident.condition_name);
  const resource = firstText(incident.resource_display_name, incident.resource_name, incident.resource_id);
  const notes = firstText(documentation?.content, incident.documentation);
  return eventOf({
    action,
    key: dedupKey('google-cloud-monitoring', ...(test ? ['test', project ?? 'project'] : [id])),
    summary: [
      textOf(incident.summary) === undefined
        ? undefined
        : `${policy === undefined ? '' : `${policy}: `}${textOf(incident.summary)}`,
      documentation?.subject,
      [policy, condition].filter((part) => part !== undefined).join(': '),
    ],
    source: [resource, incident.resource?.type, project, 'Google Cloud'],
    severity: test ? 'info' : settings.severity(incident.severity),
    kind: firstText(incident.metric?.displayName, incident.metric?.type) ?? 'incident',
    component: firstText(incident.resource_type_display_name, incident.resource?.type, condition),
    group: project,
    timestamp: action === 'resolve' ? (incident.ended_at ?? incident.started_at) : incident.started_at,
    links: [
      [incident.url, 'Incident in Google Cloud'],
      ...(documentation?.links ?? []).map(({ url, displayName }) => [url, displayName] as const),
    ],
    details: detailsOf({
      policy: policy ?? null,
      condition: condition ?? null,
      documentation: notes === undefined ? null : redactText(notes),
      observed_value: incident.observed_value ?? null,
      threshold_value: incident.threshold_value ?? null,
      resource: incident.resource ?? null,
      metric: incident.metric ?? null,
      labels: incident.policy_user_labels ?? null,
    }),
  });
}

/** Older versions name the project in the incident's address only. */
function projectOf(url: unknown): string | undefined {
  return /[?&]project=([\w.:-]{1,100})/.exec(textOf(url) ?? '')?.[1];
}

/** The test of a notification channel has a version of its own and an id that every test has. */
function isTest(incident: Incident, version: unknown): boolean {
  if (textOf(version)?.toLowerCase() === 'test') return true;
  return textOf(incident.incident_id) === '12345' && /^test incident/i.test(textOf(incident.summary) ?? '');
}

import { dedupKey, detailsOf, eventOf, firstText, redactText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, MessageReading } from '@patchbay/plugin-sdk';
import type { Incident, IncidentMessage } from './incident.schema.ts';
import type { Settings } from './settings.ts';

const STATES: Record<string, EventAction> = {
  open: 'trigger',
  opened: 'trigger',
  closed: 'resolve',
  acknowledged: 'acknowledge',
};

/** The event of an incident; its id is the same from open to closed. */
export function incidentEvent({ incident, version }: IncidentMessage, settings: Settings): MessageReading {
  const state = incident.state.trim().toLowerCase();
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined) return { ignored: `The incident's state is "${incident.state.slice(0, 60)}"` };
  const project = firstText(incident.scoping_project_id, incident.scoping_project_number, projectOf(incident.url));
  const test = isTest(incident, version);
  if (test && settings.ignoreTests) return { ignored: "Google Cloud's test notification arrived" };

  const problem = test ? ['test', project ?? 'project'] : problemOf(incident, project);
  if (problem.length === 0)
    return { issues: [{ path: 'incident.incident_id', message: 'Expected an id, a policy or a condition' }] };

  const documentation = typeof incident.documentation === 'object' ? incident.documentation : undefined;
  const policy = textOf(incident.policy_name);
  const condition = textOf(incident.condition_name);
  const resource = firstText(incident.resource_display_name, incident.resource_name, incident.resource_id);
  const notes = firstText(documentation?.content, incident.documentation);
  return eventOf({
    action,
    key: dedupKey('google-cloud-monitoring', ...problem),
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

/** The incident's id; a copy of the notification that left it out is known by its policy and what this looks at. */
function problemOf(incident: Incident, project: string | undefined): string[] {
  const id = textOf(incident.incident_id) ?? /\/incidents\/([\w.-]{1,100})/.exec(textOf(incident.url) ?? '')?.[1];
  if (id !== undefined) return [id];
  const resource = firstText(incident.resource_id, incident.resource_name, incident.resource_display_name);
  const rule = [incident.policy_name, incident.condition_name].flatMap((part) => textOf(part) ?? []);
  return rule.length === 0 ? [] : [project ?? 'project', ...rule, resource ?? 'resource'];
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

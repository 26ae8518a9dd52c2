import type { LooseFields } from '@patchbay/plugin-sdk';
import type { IncidentFacts } from './incident-facts.ts';

/** A webhook of PagerDuty, version 3: what happened to an incident is the last word of the event's type. */
export function pagerDutyV3(fields: LooseFields): IncidentFacts | undefined {
  const kind = fields.text('event.event_type');
  const key = fields.text('event.data.id');
  if (key === undefined || kind === undefined || !kind.startsWith('incident.')) return undefined;
  return {
    state: kind.slice('incident.'.length),
    key,
    summary: [fields.text('event.data.title')],
    source: [fields.text('event.data.service.summary'), 'PagerDuty'],
    severity: fields.text('event.data.priority.summary') ?? URGENCIES[fields.text('event.data.urgency') ?? ''],
    link: fields.text('event.data.html_url'),
  };
}

const URGENCIES: Record<string, string> = { high: 'error', low: 'warning' };

const STATES: Record<string, string> = {
  investigating: 'open',
  identified: 'open',
  monitoring: 'open',
  verifying: 'open',
  resolved: 'resolved',
  postmortem: 'resolved',
};
const IMPACTS: Record<string, string> = { critical: 'critical', major: 'error', minor: 'warning', none: 'info' };

/** An incident of a page of Statuspage; planned maintenance has states of its own. */
export function statuspage(fields: LooseFields): IncidentFacts | undefined {
  const key = fields.text('incident.id');
  const status = fields.text('incident.status')?.toLowerCase();
  if (key === undefined || status === undefined || fields.text('page.id') === undefined) return undefined;
  return {
    state: (Object.hasOwn(STATES, status) ? STATES[status] : undefined) ?? status,
    key,
    summary: [fields.text('incident.name')],
    source: [fields.text('page.name', 'page.id'), 'Statuspage'],
    severity: IMPACTS[fields.text('incident.impact')?.toLowerCase() ?? ''],
    link: fields.text('incident.shortlink'),
  };
}

/** Fields of a request to Opsgenie; one with others is somebody's own. */
const OPSGENIE =
  /^(message|alias|description|responders|teams|recipients|visibleTo|actions|tags|details|entity|source|priority|user|note)$/;

/** What tools send to create an alert in Opsgenie. Without an alias Opsgenie itself never finds it again. */
export function opsgenieRequest(fields: LooseFields, request: unknown): IncidentFacts | undefined {
  const message = fields.text('message');
  const priority = fields.text('priority');
  if (message === undefined || priority === undefined) return undefined;
  if (!Object.keys(Object(request) as object).every((name) => OPSGENIE.test(name))) return undefined;
  return {
    state: 'open',
    key: fields.text('alias') ?? message,
    summary: [message],
    source: [fields.text('source', 'entity')],
    severity: priority,
    link: undefined,
  };
}

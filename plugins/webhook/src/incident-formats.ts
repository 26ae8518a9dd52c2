import { dedupKey, detailsOf, eventOf, hostOf, looseFields } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, LooseFields, Severity } from '@patchbay/plugin-sdk';

import { opsgenieRequest, pagerDutyV3, statuspage } from './status-formats.ts';
import type { IncidentFacts } from './incident-facts.ts';

type FormatReading = EventPayload | { ignored: string };

const ACTIONS: Record<string, EventAction> = {
  started: 'trigger',
  reopened: 'trigger',
  create: 'trigger',
  unacknowledge: 'trigger',
  unacknowledged: 'trigger',
  escalate: 'trigger',
  open: 'trigger',
  triggered: 'trigger',
  triage: 'trigger',
  active: 'trigger',
  live: 'trigger',
  acknowledge: 'acknowledge',
  acknowledged: 'acknowledge',
  close: 'resolve',
  delete: 'resolve',
  resolved: 'resolve',
  closed: 'resolve',
  learning: 'resolve',
  cancelled: 'resolve',
  canceled: 'resolve',
  declined: 'resolve',
  merged: 'resolve',
};

const FORMATS = [betterStack, opsgenie, opsgenieRequest, rootly, incidentIo, pagerDutyV3, statuspage];

/** The event of a webhook that another product for incidents calls; undefined for every other message. */
export function incidentEvent(message: unknown, severity: (word: unknown) => Severity): FormatReading | undefined {
  // PagerDuty puts what its incident belongs to four objects deep.
  const fields = looseFields(message, 4);
  for (const format of FORMATS) {
    const facts = format(fields, message);
    if (facts === undefined) continue;
    const state = facts.state.trim().toLowerCase();
    const action = Object.hasOwn(ACTIONS, state) ? ACTIONS[state] : undefined;
    if (action === undefined) return { ignored: `"${facts.state.slice(0, 60)}" opens or closes no incident` };
    return eventOf({
      action,
      key: dedupKey('webhook', facts.key),
      summary: [...facts.summary, facts.key],
      source: [...facts.source, 'webhook'],
      severity: severity(facts.severity),
      kind: 'incident',
      links: [[facts.link, 'Incident']],
      details: detailsOf(message),
    });
  }
  return undefined;
}

function betterStack(fields: LooseFields): IncidentFacts | undefined {
  const key = fields.text('data.id');
  const name = fields.text('data.attributes.name', 'data.attributes.url');
  if (key === undefined || fields.text('data.type') !== 'incident' || fields.value('data.attributes') === undefined)
    return undefined;
  const cause = fields.text('data.attributes.cause');
  const url = fields.text('data.attributes.url');
  return {
    state: fields.text('event', 'data.attributes.status') ?? '',
    key,
    summary: [name === undefined || cause === undefined ? (name ?? cause) : `${name}: ${cause}`],
    source: [hostOf(url), name],
    severity: 'critical',
    link: fields.text('data.attributes.incidentUrl'),
  };
}

function opsgenie(fields: LooseFields): IncidentFacts | undefined {
  const key = fields.text('alert.alertId');
  const state = fields.text('action');
  if (key === undefined || state === undefined) return undefined;
  return {
    state,
    key,
    summary: [fields.text('alert.message')],
    source: [fields.text('alert.entity', 'alert.source')],
    severity: fields.text('alert.priority'),
    link: undefined,
  };
}

/** `alert.created`, `incident.resolved` and the like; the state is that of what they are about. */
function rootly(fields: LooseFields): IncidentFacts | undefined {
  const key = fields.text('data.id');
  const kind = fields.text('event.type');
  if (key === undefined || kind === undefined || !/^(alert|incident)\./.test(kind)) return undefined;
  const status = fields.text('data.status') ?? '';
  return {
    state: /^(started|in_triage|detected|mitigated)$/.test(status) ? 'open' : status,
    key,
    summary: [fields.text('data.summary', 'data.title')],
    source: [fields.text('data.source')],
    severity: fields.text('data.severity.data.attributes.severity', 'data.severity'),
    link: fields.text('data.url', 'data.externalUrl'),
  };
}

/** The event's name is also the name of the field with the incident; an update holds it one level deeper. */
function incidentIo(fields: LooseFields): IncidentFacts | undefined {
  const kind = fields.text('event_type');
  if (kind === undefined || !/^(public|private)_incident\.incident_/.test(kind)) return undefined;
  const outer = looseFields(fields.value(kind), 4);
  const inner = outer.value('incident');
  const incident = inner === undefined ? outer : looseFields(inner, 4);
  const key = incident.text('id');
  if (key === undefined) return undefined;
  return {
    state: incident.text('incident_status.category') ?? '',
    key,
    summary: [incident.text('name'), incident.text('reference')],
    source: ['incident.io'],
    severity: incident.text('severity.name'),
    link: incident.text('permalink'),
  };
}

import { dedupKey, detailsOf, eventOf, firstText, looseFields } from '@patchbay/plugin-sdk';
import type { EventAction, LooseFields, MessageReading, Severity } from '@patchbay/plugin-sdk';
import { actionOf, isSeverity } from './message-types.ts';
import { savedSearch } from './saved-search.ts';
import { unquoted } from './unquoted.ts';

/** Groups of variables that speak of no alert. */
const OTHERS: [name: string, what: string][] = [
  ['chat.text', 'A chat message is no alert'],
  ['oncall.on_call', 'A change of who is on call is no alert'],
  ['oncall.state', 'A change of who is on call is no alert'],
  ['oncall.user_id', 'A change of who is on call is no alert'],
  ['oncall.type', 'A change of who is on call is no alert'],
  ['page.method', 'A page of somebody is no alert'],
  ['page.state', 'A page of somebody is no alert'],
];

/**
 * The event of a message: an outgoing webhook with variables of the operator's choice, an escalation webhook, or an
 * alert for Splunk On-Call's own REST endpoint.
 */
export function alertEvent(sent: unknown, place: string, severity: (word: unknown) => Severity): MessageReading {
  const message = unquoted(sent);
  const fields = looseFields(message);
  const search = savedSearch(message, severity);
  if (search !== undefined) return search;
  const entity = fields.text('alert.entity_id', 'state.entity_id', 'incident.entity_id', 'entity_id');
  const incident = fields.text('incident.incident_id', 'incident.incident_name', 'state.incident_name', 'incident_id');
  const id = entity ?? incident ?? fields.text('alert.entity_display_name', 'entity_display_name');
  const state = stateOf(fields);
  if (id === undefined || state === undefined) {
    const other = OTHERS.find(([name]) => fields.text(name) !== undefined);
    if (other !== undefined) return { ignored: other[1] };
    return { issues: [{ path: place.replace(/\.$/, ''), message: 'Expected entity_id and message_type' }] };
  }
  if (state.action === undefined)
    return { ignored: `The message type "${state.word.slice(0, 60)}" changes no incident` };

  const organisation = fields.text('alert.vo_organization_id', 'vo_organization_id', 'organization_id', 'org_id');
  const title = fields.text('alert.entity_display_name', 'incident.entity_display_name', 'entity_display_name');
  const text = fields.text(
    'alert.state_message',
    'state_message',
    'alert.hostoutput',
    'alert.serviceoutput',
    'message',
  );
  const number = /^#?(\d{1,12})$/.exec(incident ?? '')?.[1];
  const host = fields.text('alert.host_name', 'alert.host', 'state.host', 'incident.host', 'host_name', 'host');
  const service = fields.text(
    'state.service',
    'incident.service',
    'alert.service',
    'alert.service_description',
    'service',
  );
  return eventOf({
    action: state.action,
    key: dedupKey('splunk-oncall', ...(organisation === undefined ? [] : [organisation]), id),
    summary: [sentence(title ?? service, text), id],
    source: [
      host,
      fields.text('alert.monitor_name', 'monitor_name', 'alert.monitoring_tool', 'monitoring_tool'),
      service,
      'Splunk On-Call',
    ],
    severity: severityOf(fields, state.word, severity),
    kind: fields.text('alert.monitoring_tool', 'monitoring_tool', 'state.monitor_type') ?? 'alert',
    component: firstText(service, host),
    group: fields.text('alert.routing_key', 'routing_key', 'state.routing_key'),
    timestamp: fields.value('alert.timestamp', 'state.last_timestamp', 'state_start_time', 'timestamp'),
    links: [
      [incidentLink(organisation, number), `Incident ${number ?? ''} in Splunk On-Call`],
      [fields.text('state.info_url', 'alert.alert_url', 'alert_url', 'info_url'), 'Details'],
    ],
    details: detailsOf(message),
  });
}

/** The alert's own type says what happened; the phase of the incident does so for messages without an alert. */
function stateOf(fields: LooseFields): { word: string; action: EventAction | undefined } | undefined {
  const words = [
    fields.text('alert.message_type', 'message_type', 'messageType'),
    fields.text('state.current_alert_phase', 'current_alert_phase'),
    fields.text('incident.current_phase', 'current_phase', 'incident.phase'),
    fields.text('alert.entity_state', 'state.current_state', 'entity_state'),
  ];
  const word = firstText(...words);
  return word === undefined ? undefined : { word, action: actionOf(word) };
}

/** By the operator's own words first; an acknowledgement or a recovery has the state that it is about. */
function severityOf(fields: LooseFields, word: string, severity: (word: unknown) => Severity): Severity {
  const state = fields.text('state.current_state', 'alert.entity_state', 'incident.entity_state', 'entity_state');
  return severity([word, state].find((candidate) => isSeverity(candidate)));
}

/** `what: what about it`, on one line and without saying it twice. */
function sentence(title: string | undefined, text: string | undefined): string | undefined {
  if (title === undefined || text === undefined) return title ?? text;
  return text.startsWith(title) ? text : `${title}: ${text}`;
}

function incidentLink(organisation: string | undefined, number: string | undefined): string | undefined {
  if (organisation === undefined || number === undefined || !/^[\w-]{1,100}$/.test(organisation)) return undefined;
  return `https://portal.victorops.com/ui/${organisation}/incident/${number}/details`;
}

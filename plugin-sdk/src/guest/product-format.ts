import { dedupKey, firstText, textOf } from './event-text.ts';
import { eventOf } from './event-of.ts';
import { isPlaceholder } from './loose-fields.ts';
import { detailsOf } from './redact.ts';
import type { EventAction, EventPayload, Severity } from '../contract/event-payload.ts';

type Fields = Record<string, unknown>;

/** What a format says of a problem. */
interface Facts {
  action: EventAction;
  key: unknown;
  summary: unknown[];
  severity?: unknown;
  source?: unknown;
  link?: unknown;
}

const ACTIONS: Record<string, EventAction> = {
  trigger: 'trigger',
  triggered: 'trigger',
  firing: 'trigger',
  alerting: 'trigger',
  open: 'trigger',
  alert: 'trigger',
  critical: 'trigger',
  error: 'trigger',
  warning: 'trigger',
  info: 'trigger',
  acknowledge: 'acknowledge',
  acknowledged: 'acknowledge',
  acknowledgement: 'acknowledge',
  accept: 'acknowledge',
  resolve: 'resolve',
  resolved: 'resolve',
  ok: 'resolve',
  recovery: 'resolve',
  closed: 'resolve',
};

/** Formats by the fields that only they have together; each gives nothing for a message of another. */
const FORMATS: ((message: Fields) => Facts | undefined)[] = [
  pagerDuty,
  grafanaOnCall,
  zenduty,
  victorOps,
  squadcast,
  ilert,
  incidentIo,
  fireHydrant,
  rootly,
  keep,
  opsgenie,
];

function pagerDuty(message: Fields): Facts | undefined {
  const action = actionOf(message.event_action);
  const payload = partOf(message.payload);
  if (action === undefined || (message.dedup_key === undefined && message.payload === undefined)) return undefined;
  return {
    action,
    key: message.dedup_key ?? (action === 'trigger' ? payload.summary : undefined),
    summary: [payload.summary],
    severity: payload.severity,
    source: payload.source,
    link: message.client_url,
  };
}

function grafanaOnCall(message: Fields): Facts | undefined {
  if (message.alert_uid === undefined) return undefined;
  const { alert_uid: key, title, message: text, link_to_upstream_details: link, severity } = message;
  return { action: actionOf(message.state) ?? 'trigger', key, summary: [title, text], severity, link };
}

function zenduty(message: Fields): Facts | undefined {
  const action = actionOf(message.alert_type);
  if (action === undefined || message.entity_id === undefined || message.message === undefined) return undefined;
  return { action, key: message.entity_id, summary: [message.message], severity: message.alert_type };
}

function victorOps(message: Fields): Facts | undefined {
  const action = actionOf(message.message_type);
  if (action === undefined || message.entity_id === undefined) return undefined;
  const { entity_id: key, entity_display_name: name, state_message: text, message_type: severity } = message;
  return { action, key, summary: [name, text], severity, source: message.host_name };
}

function squadcast(message: Fields): Facts | undefined {
  const action = actionOf(message.status);
  if (action === undefined || message.event_id === undefined || message.message === undefined) return undefined;
  const severity = partOf(message.tags).severity;
  return { action, key: message.event_id, summary: [message.message], severity: partOf(severity).value ?? severity };
}

function ilert(message: Fields): Facts | undefined {
  const action = actionOf(message.eventType);
  const key = message.alertKey ?? message.incidentKey;
  if (action === undefined || key === undefined || message.summary === undefined) return undefined;
  return { action, key, summary: [message.summary], severity: message.severity ?? message.priority };
}

function incidentIo(message: Fields): Facts | undefined {
  const action = actionOf(message.status);
  if (action === undefined || message.deduplication_key === undefined) return undefined;
  const { deduplication_key: key, title, description, source_url: link } = message;
  return { action, key, summary: [title, description], severity: partOf(message.metadata).severity, link };
}

function fireHydrant(message: Fields): Facts | undefined {
  const action = actionOf(message.status);
  if (action === undefined || message.idempotency_key === undefined || message.summary === undefined) return undefined;
  return { action, key: message.idempotency_key, summary: [message.summary], severity: message.level };
}

/** Rootly's alerts: as its interface takes them, or their attributes alone. */
function rootly(message: Fields): Facts | undefined {
  const data = partOf(message.data);
  const alert = data.type === 'alerts' ? partOf(data.attributes) : message;
  const action = actionOf(alert.status);
  const key = alert.external_id ?? alert.deduplication_key;
  if (action === undefined || key === undefined || alert.summary === undefined) return undefined;
  const { summary, description, source, external_url: link } = alert;
  const urgency = partOf(alert.alert_urgency).name ?? alert.urgency;
  return { action, key, summary: [summary, description], severity: alert.severity ?? urgency, source, link };
}

function keep(message: Fields): Facts | undefined {
  const action = actionOf(message.status);
  if (action === undefined || message.lastReceived === undefined || message.name === undefined) return undefined;
  const { fingerprint, id, name, severity, url: link } = message;
  return { action, key: fingerprint ?? id ?? name, summary: [name, message.message], severity, link };
}

function opsgenie(message: Fields): Facts | undefined {
  if (message.alias === undefined || message.message === undefined || message.priority === undefined) return undefined;
  const { alias: key, message: text, priority: severity } = message;
  return { action: 'trigger', key, summary: [text], severity, source: message.source ?? message.entity };
}

/** Splunk On-Call is what VictorOps is called now, and Honeycomb's template for incident.io says more than the format. */
const READ_BY_THEMSELVES = new Map<string, (message: Fields) => Facts | undefined>([
  ['splunk-oncall', victorOps],
  ['honeycomb', incidentIo],
]);

/**
 * The event of a message in the format of another product for incidents. Senders without a body of their own are often
 * still set up for the product that their operator had before. Undefined for every other message.
 */
export function productEvent(
  message: unknown,
  vendor: string,
  severity: (word: unknown) => Severity,
): EventPayload | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  for (const format of FORMATS) {
    if (READ_BY_THEMSELVES.get(vendor) === format) continue;
    const facts = format(message as Fields);
    const key = facts === undefined || isPlaceholder(facts.key) ? undefined : textOf(facts.key);
    if (facts === undefined || key === undefined) continue;
    return eventOf({
      action: facts.action,
      key: dedupKey(vendor, key),
      summary: [...facts.summary, key],
      source: [facts.source, vendor],
      severity: severity(facts.severity),
      kind: 'alert',
      links: [[facts.link, 'Details']],
      details: detailsOf(message),
    });
  }
  return undefined;
}

function actionOf(word: unknown): EventAction | undefined {
  const plain = firstText(word)?.toLowerCase() ?? '';
  return Object.hasOwn(ACTIONS, plain) ? ACTIONS[plain] : undefined;
}

const partOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

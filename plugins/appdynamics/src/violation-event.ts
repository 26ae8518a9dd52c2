import { dedupKey, detailsOf, eventOf, firstText, hostOf, looseFields } from '@patchbay/plugin-sdk';
import type { LooseFields, MessageReading, Severity } from '@patchbay/plugin-sdk';
import { isChange, meaningOf, spokenMeaning } from './event-types.ts';
import type { Meaning } from './event-types.ts';

/** Where templates put the type of an event, or the word that they made of it. */
const TYPES = [
  'eventType',
  'event.eventType',
  'latestEvent.eventType',
  'ad_event_type',
  'type',
  'eventTypeKey',
  'message_type',
  'event_action',
  'action',
  'status',
  'state',
];

/** The event of an HTTP request action: AppDynamics has no body of its own, so names are read loosely. */
export function violationEvent(message: unknown, place: string, severity: (word: unknown) => Severity): MessageReading {
  const fields = looseFields(message, 3);
  const name = fields.text('event_name', 'displayName', 'event.displayName', 'name', 'summary', 'title');
  const text = fields.text(
    'summary',
    'summaryMessage',
    'description',
    'event_message',
    'eventMessage',
    'message',
    'state_message',
  );
  const spoken = spokenMeaning(fields.text('event_name', 'displayName', 'event.displayName'));
  const meaning = meaningIn(fields);
  const type = fields.text(...TYPES.slice(0, 6));
  const word = fields.text('severity', 'latestEvent.severity', 'event.severity');
  if (meaning === undefined && isChange(type) && (word ?? 'info').toLowerCase() === 'info')
    return { ignored: `An event of type "${type ?? ''}" tells of a change` };
  const application = fields.text(
    'app_name',
    'applicationName',
    'application.name',
    'latestEvent.application.name',
    'event.application.name',
    'application',
  );
  const tier = fields.text(
    'tier_name',
    'tierName',
    'event_tier_name',
    'tier.name',
    'latestEvent.tier.name',
    'event.tier.name',
    'tier',
  );
  const node = fields.text('node_name', 'nodeName', 'node.name', 'latestEvent.node.name', 'event.node.name', 'node');
  const rule = fields.text(
    'health_rule_name',
    'healthRuleName',
    'healthRule.name',
    'health_rule',
    'incident_name',
    'incident.name',
  );
  // The spoken type changes from opening to closing: what it is about does not.
  const subject =
    spoken === undefined ? (name ?? (meaning === undefined ? type : undefined)) : (rule ?? spoken.subject);
  const told = spoken === undefined && meaning === undefined ? undefined : toldIn(text);
  const key = keyOf(fields, subject, text, [application, tier, node], told);
  if (key === undefined)
    return {
      issues: [{ path: place.replace(/\.$/, ''), message: 'Expected eventType, and an incident id or an event name' }],
    };

  return eventOf({
    action: (meaning ?? spoken)?.action ?? 'trigger',
    key,
    summary: [sentence(rule ?? name, text), name, fields.text(...TYPES)],
    source: [node, tier, application, 'AppDynamics'],
    severity: severity(meaning?.level ?? word ?? spoken?.level),
    kind: fields.text(...TYPES.slice(0, 5)) ?? 'event',
    component: firstText(tier, node, rule),
    group: application,
    timestamp: fields.value('event_time', 'eventTime', 'lastReceived', 'timestamp'),
    links: [[fields.text('event_deep_link', 'deepLink', 'deep_link', 'url', 'link', 'event_url'), 'AppDynamics']],
    details: detailsOf(message),
  });
}

/** The first type that is known. Others are events that are no violation: they happen once and are never closed. */
function meaningIn(fields: LooseFields): Meaning | undefined {
  for (const name of TYPES) {
    const meaning = meaningOf(fields.text(name));
    if (meaning !== undefined) return meaning;
  }
  return undefined;
}

/** The violation's id; ids and times of an event are of no use, because every event has its own. */
function keyOf(
  fields: LooseFields,
  name: string | undefined,
  text: string | undefined,
  places: (string | undefined)[],
  told: Told | undefined,
): string | undefined {
  const url = fields.text('event_deep_link', 'deepLink', 'deep_link', 'url', 'link', 'event_url');
  const controller = hostOf(fields.text('controller_url', 'controllerUrl')) ?? hostOf(url);
  const incident =
    fields.text('incident_id', 'incident.id', 'latestEvent.incident.id', 'event.incident.id') ??
    /[?&#]incident=(\d{1,30})/.exec(url ?? '')?.[1];
  const origin = controller === undefined ? [] : [controller];
  if (incident !== undefined) return dedupKey('appdynamics', ...origin, incident);
  const given = fields.text('incident_key', 'dedup_key', 'entity_id', 'alias');
  if (given !== undefined) return dedupKey('appdynamics', ...origin, given);
  const rule = fields.text('health_rule_id', 'healthRule.id', 'health_rule_name', 'healthRule.name');
  const scope = places.filter((part) => part !== undefined);
  if (rule !== undefined) return dedupKey('appdynamics', ...origin, rule, ...scope);
  if (told !== undefined) {
    const application = /[?&#]application=(\d{1,30})/.exec(url ?? '')?.[1];
    const origins = scope.length > 0 || application === undefined ? scope : [application];
    return dedupKey('appdynamics', ...origin, told.rule, ...origins, told.entity);
  }
  if (name === undefined) return undefined;
  return dedupKey('appdynamics', ...origin, name, ...(scope.length > 0 ? scope : text === undefined ? [] : [text]));
}

interface Told {
  entity: string;
  rule: string;
}

/**
 * What a violation's text says is affected, and by which health rule. It is all that tells violations apart where a template
 * has neither's name; the measured values behind it are others in every event.
 */
function toldIn(text: string | undefined): Told | undefined {
  if (text === undefined || !/^\s*AppDynamics has detected\b/i.test(text)) return undefined;
  const [entity, rule] = [...text.slice(0, 4000).matchAll(/<b>([^<]{1,200})<\/b>/gi)].map((match) => match[1]?.trim());
  return entity && rule ? { entity, rule } : undefined;
}

/** AppDynamics' texts hold mark-up. */
function sentence(name: string | undefined, text: string | undefined): string | undefined {
  const plain = text?.slice(0, 4000).replace(/<[^>]{0,200}>/g, ' ');
  if (name === undefined || plain === undefined) return name ?? plain;
  return plain.includes(name) ? plain : `${name}: ${plain}`;
}

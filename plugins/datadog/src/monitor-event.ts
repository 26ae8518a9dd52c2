import { dedupKey, detailsOf, eventOf, firstText, looseFields, redactText, webUrl } from '@patchbay/plugin-sdk';
import type { EventPayload, LooseFields, MessageReading } from '@patchbay/plugin-sdk';
import { incidentEvent } from './incident-event.ts';
import type { Settings } from './settings.ts';
import { actionOf, plainTransition, readTitle } from './transition.ts';
import type { MonitorTitle } from './transition.ts';

/** Types of events that monitors make: `query_alert_monitor`, `metric_alert_monitor`, `service_check`, `log_alert`. */
const MONITOR_TYPES = /alert|monitor|check|slo|synthetic|signal|security|watchdog/i;

/**
 * The event of a message whose fields its operator named. Everything is looked for under the names of Datadog's own
 * variables first, then under those of the templates in common use.
 */
export function monitorEvent(message: unknown, place: string, settings: Settings): MessageReading {
  const fields = looseFields(message);
  const incident = incidentEvent(fields, message, settings);
  if (incident !== undefined) return incident;
  const title = fields.text(
    'security_signal_title',
    'event_title',
    'title',
    'alert_title',
    'summary',
    'subject',
    'monitor_name',
    'alert_name',
  );
  const text = fields.text('event_msg', 'text_only_msg', 'body', 'message', 'text', 'description', 'alert_status');
  const marks = title === undefined ? undefined : readTitle(title);
  const key = keyOf(fields, marks);
  if ((title === undefined && text === undefined) || key === undefined)
    return {
      issues: [{ path: place.replace(/\.$/, ''), message: 'Expected a title, and alert_cycle_key or alert_id' }],
    };

  const state = stateOf(fields, marks);
  const type = fields.text('event_type');
  if (state === undefined && !settings.otherEvents && type !== undefined && !MONITOR_TYPES.test(type))
    return { ignored: `An event of type "${type.slice(0, 60)}" without a state is no alert of a monitor` };
  const action = state === undefined ? 'trigger' : actionOf(state);
  if (action === undefined) return { ignored: `The transition "${state?.slice(0, 60) ?? ''}" changes no incident` };

  const host = fields.text('hostname', 'host', 'host_name');
  const scope = fields.text('alert_scope', 'scopes', 'scope');
  const priority = fields.text('alert_priority', 'priority', 'annotations.datadog/priority') ?? marks?.priority;
  const link =
    fields.text('link', 'url', 'event_url', 'alert_url', 'link_url', 'incident_url') ??
    firstLink(fields.value('links'));
  return withImages(
    eventOf({
      action,
      key,
      summary: [summaryOf(marks, title, text)],
      source: [host, scope, fields.text('org_name', 'org.name'), 'Datadog'],
      severity: settings.severity(
        fields.text('security_signal_severity', 'alert_type', 'level', 'severity'),
        priority,
        state,
      ),
      kind: type ?? fields.text('monitor_type') ?? 'monitor',
      component: firstText(tag(fields, 'service'), fields.text('service'), host),
      group: firstText(tag(fields, 'env'), fields.text('environment', 'env', 'team')),
      timestamp: fields.text('last_updated', 'date', 'received_at', 'timestamp'),
      links: [[link, 'Datadog']],
      details: detailsOf(message),
    }),
    fields,
  );
}

/** The state has a field of its own; only the body that Datadog sends without a template has it in the title alone. */
function stateOf(fields: LooseFields, marks: MonitorTitle | undefined): string | undefined {
  const sent = fields.text('alert_transition', 'transition');
  if (sent !== undefined) return plainTransition(sent);
  // Other templates call it by names that may also hold something else, so only words that are known count.
  for (const name of [
    'monitor.status',
    'status',
    'state',
    'alert_state',
    'alert_status',
    'event_action',
    'action',
    'incident_status',
  ]) {
    const state = plainTransition(fields.text(name) ?? '');
    if (actionOf(state) !== undefined) return state;
  }
  if (marks?.transition !== undefined) return marks.transition;
  return fields.text('alert_type')?.toLowerCase() === 'success' ? 'recovered' : undefined;
}

/**
 * An id of the event is of no use: every message has another one. A test has the monitor's ids, and must not resolve what
 * the monitor opened.
 */
function keyOf(fields: LooseFields, marks: MonitorTitle | undefined): string | undefined {
  const key = problemKey(fields, marks);
  return key === undefined || marks?.test !== true ? key : dedupKey(key, 'test');
}

function problemKey(fields: LooseFields, marks: MonitorTitle | undefined): string | undefined {
  const organisation = fields.text('org_id', 'org.id', 'org_name', 'org.name') ?? 'org';
  const cycle = fields.text(
    'security_signal_id',
    'alert_cycle_key',
    'cycle_key',
    'unique_key',
    'dedup_key',
    'incident_key',
    'alias',
  );
  if (cycle !== undefined) return dedupKey('datadog', organisation, cycle);
  const monitor = fields.text('alert_id', 'monitor_id', 'monitor.id');
  const scope = fields.text('alert_scope', 'scopes', 'scope', 'aggreg_key', 'aggregation_key');
  if (monitor !== undefined) return dedupKey('datadog', organisation, monitor, ...(scope === undefined ? [] : [scope]));
  const group = fields.text('aggreg_key', 'aggregation_key', 'aggreg_id');
  if (group !== undefined) return dedupKey('datadog', organisation, group);
  return marks === undefined ? undefined : dedupKey('datadog', organisation, 'title', marks.name);
}

/** The title without its marks: state and priority have their own places. */
function summaryOf(marks: MonitorTitle | undefined, title: string | undefined, text: string | undefined): string {
  const name = marks === undefined || marks.name === '' ? title : marks.name;
  return `${marks?.test === true ? 'Test: ' : ''}${redactText(name ?? text ?? 'Datadog alert')}`;
}

/** A tag out of Datadog's list, which is text with commas unless the operator made a list of it. */
function tag(fields: LooseFields, name: string): string | undefined {
  const sent = fields.value('tags', 'alert_tags', 'tag');
  const tags: unknown[] = Array.isArray(sent) ? sent : typeof sent === 'string' ? sent.split(',', 200) : [];
  for (const entry of tags) {
    const [key, ...value] = String(entry).trim().split(':');
    if (key === name && value.length > 0) return value.join(':');
  }
  return undefined;
}

/** The first address of a list of links, which some templates have. */
function firstLink(links: unknown): unknown {
  return Array.isArray(links) ? (links[0] as { href?: unknown } | null | undefined)?.href : undefined;
}

/** Snapshots: Datadog's variable, or the list of images that some templates have. */
function withImages(event: EventPayload, fields: LooseFields): EventPayload {
  const listed = fields.value('images');
  const sources: unknown[] = [fields.text('snapshot', 'image', 'snapshot_url')];
  if (Array.isArray(listed))
    for (const entry of listed.slice(0, 10)) sources.push((entry as { src?: unknown } | null)?.src ?? entry);
  const images = sources.flatMap((source) => webUrl(source) ?? []).map((src) => ({ src, alt: 'Snapshot' }));
  return images.length > 0 ? { ...event, images } : event;
}

import { dedupKey, detailsOf, eventOf, looseFields, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, LooseFields, MessageReading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

/** Honeycomb's own two, and what templates for other products make of them. */
const STATES: Record<string, EventAction> = {
  triggered: 'trigger',
  trigger: 'trigger',
  firing: 'trigger',
  open: 'trigger',
  alerting: 'trigger',
  ok: 'resolve',
  resolved: 'resolve',
  resolve: 'resolve',
  closed: 'resolve',
  recovered: 'resolve',
};

/** A trigger or a burn alert, by the default payload or a template of the operator. */
export function alertEvent(message: unknown, place: string, settings: Settings): MessageReading {
  const fields = looseFields(message, 3);
  const name = fields.text('name', 'alert_name', 'trigger_name', 'title', 'message');
  const state = fields.text('status', 'state', 'alert_status', 'event_action')?.trim().toLowerCase();
  const id = keyOf(fields) ?? name;
  if (id === undefined || state === undefined)
    return { issues: [{ path: place.replace(/\.$/, ''), message: 'Expected id and status' }] };
  const isTest = fields.value('is_test') === true || fields.text('is_test') === 'true';
  if (isTest && settings.ignoreTests) return { ignored: "Honeycomb's test arrived" };
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined) return { ignored: `The status "${state.slice(0, 60)}" changes no incident` };

  const what = fields.text('description', 'trigger_description', 'alert_description');
  const summary = fields.text('summary', 'alert_summary', 'payload.summary');
  const groups = groupsText(fields.value('result_groups_triggered'));
  return eventOf({
    action,
    key: dedupKey('honeycomb', id),
    summary: [action === 'trigger' ? named(name, summary) : undefined, sentence(name, what ?? groups), summary, id],
    source: [groups, fields.text('dataset', 'environment', 'service'), datasetOf(fields), name, 'Honeycomb'],
    severity: isTest ? 'info' : settings.severity(fields.text('severity', 'alert_severity')),
    kind: fields.text('alert_type', 'alert_kind') ?? 'trigger',
    component: name,
    group: fields.text('environment', 'dataset') ?? datasetOf(fields),
    timestamp: fields.value('timestamp', 'alert_timestamp', 'result_timestamp'),
    links: [
      [fields.text('result_url', 'results_url', 'metadata.result_url'), 'Result'],
      [fields.text('trigger_url', 'url', 'source_url', 'alert_url'), 'Trigger'],
      [fields.text('slo_url'), 'SLO'],
    ],
    details: detailsOf(message),
  });
}

/** The alert's id: that of an instance, which templates for other products take, or of the trigger. */
function keyOf(fields: LooseFields): string | undefined {
  return fields.text(
    'deduplication_key',
    'dedup_key',
    'alias',
    'instance_id',
    'alert_instance_id',
    'alert_id',
    'id',
    'trigger_id',
    'burn_alert_id',
  );
}

function sentence(name: string | undefined, text: string | undefined): string | undefined {
  return name === undefined || text === undefined ? (name ?? text) : `${name}: ${text}`;
}

/** A summary that says what it is about; those of burn alerts say only how the budget is. */
function named(name: string | undefined, summary: string | undefined): string | undefined {
  if (name === undefined || summary === undefined || summary.includes(name)) return summary;
  return `${name}: ${summary}`;
}

const GROUPS = 3;

/** The groups above the threshold: `host=web-1, host=web-2`. */
function groupsText(groups: unknown): string | undefined {
  if (!Array.isArray(groups) || groups.length === 0) return undefined;
  const texts = groups.slice(0, GROUPS).flatMap((entry: unknown) => {
    const { Group: group, group: lower } = Object(entry) as { Group?: unknown; group?: unknown };
    const pairs = Object.entries(Object(group ?? lower) as Record<string, unknown>);
    const text = pairs.map(([name, value]) => `${name}=${textOf(value) ?? ''}`).join(' ');
    return text === '' ? [] : [text];
  });
  if (texts.length === 0) return undefined;
  return groups.length > GROUPS ? `${texts.join(', ')} and ${groups.length - GROUPS} more` : texts.join(', ');
}

/** `/TEAM/environments/NAME/datasets/NAME/...` */
function datasetOf(fields: LooseFields): string | undefined {
  const url = fields.text('trigger_url', 'slo_url', 'result_url') ?? '';
  return /\/datasets\/([\w.-]{1,100})/.exec(url)?.[1];
}

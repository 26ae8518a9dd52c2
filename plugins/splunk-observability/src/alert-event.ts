import { dedupKey, detailsOf, eventOf, firstText, looseFields, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, LooseFields, MessageReading, Severity } from '@patchbay/plugin-sdk';

/** `status` and `statusExtended`; a detector that is stopped or edited clears its alerts. */
const STATES: Record<string, EventAction> = {
  anomalous: 'trigger',
  'too high': 'trigger',
  'too low': 'trigger',
  triggered: 'trigger',
  firing: 'trigger',
  ok: 'resolve',
  clear: 'resolve',
  cleared: 'resolve',
  resolved: 'resolve',
  stopped: 'resolve',
  'manually resolved': 'resolve',
  'auto resolved': 'resolve',
  'automatically resolved': 'resolve',
};

/** Template variables without a value become empty text, and operators may move them: names are read loosely. */
export function alertEvent(message: unknown, place: string, severity: (word: unknown) => Severity): MessageReading {
  const fields = looseFields(message, 2);
  const incident = fields.text('incidentId', 'incident_id', 'alert_id');
  const state = stateOf(fields);
  if (incident === undefined || state === undefined)
    return {
      issues: [{ path: place.replace(/\.$/, ''), message: 'Expected incidentId and statusExtended or status' }],
    };
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined) return { ignored: `The status "${state.slice(0, 60)}" changes no incident` };

  const detector = fields.text('detector', 'detectorName', 'detector_name');
  const rule = fields.text('rule', 'ruleName', 'rule_name');
  const title = fields.text('messageTitle', 'title', 'subject');
  const description = fields.text('description', 'readableRule', 'ruleDescription', 'originatingMetric');
  const dimensions = dimensionsOf(fields);
  const host = firstText(dimensions.host, dimensions['host.name'], dimensions['service.name'], dimensions.service);
  return eventOf({
    action,
    key: dedupKey('splunk-observability', incident),
    summary: [action === 'trigger' ? title : undefined, named(rule, detector, description), title, `Alert ${incident}`],
    source: [host, detector, rule, fields.text('originatingMetric'), 'Splunk Observability'],
    severity: severity(fields.text('severity')),
    kind: fields.text('eventType', 'alertType') ?? 'detector',
    component: firstText(dimensions['service.name'], dimensions.service, rule),
    group: firstText(dimensions.environment, dimensions['deployment.environment'], detector),
    timestamp: fields.value('timestampISO8601', 'timestamp'),
    links: [
      [fields.text('detectorUrl', 'detector_url', 'url'), 'Detector'],
      [fields.text('runbookUrl', 'runbook_url'), 'Runbook'],
    ],
    image: fields.text('imageUrl', 'image_url'),
    details: detailsOf(message),
  });
}

/** The extended status tells a detector that was stopped from one that is fine again; both are over. */
function stateOf(fields: LooseFields): string | undefined {
  const word = fields.text('statusExtended', 'status_extended', 'status', 'state');
  if (word !== undefined) return word.trim().toLowerCase().replaceAll('_', ' ');
  const anomalous = fields.text('anomalous', 'isAnomalous');
  return anomalous === undefined ? undefined : anomalous === 'true' ? 'anomalous' : 'ok';
}

function named(
  rule: string | undefined,
  detector: string | undefined,
  description: string | undefined,
): string | undefined {
  const name =
    rule === undefined || rule === detector ? detector : detector === undefined ? rule : `${rule} (${detector})`;
  return name === undefined || description === undefined ? (name ?? description) : `${name}: ${description}`;
}

/** The dimensions of the series; some templates hold them as text in braces. */
function dimensionsOf(fields: LooseFields): Record<string, string> {
  const sent = fields.value('dimensions');
  const entries: [string, unknown][] =
    typeof sent === 'string'
      ? sent
          .replace(/^\{|\}$/g, '')
          .split(',', 100)
          .map((pair) => [pair.split('=')[0]?.trim() ?? '', pair.split('=').slice(1).join('=')])
      : Object.entries(Object(sent) as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (textOf(value) === undefined ? [] : [[name, textOf(value) ?? '']])),
  );
}

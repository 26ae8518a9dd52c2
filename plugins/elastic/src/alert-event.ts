import { dedupKey, detailsOf, eventOf, firstText, looseFields, redactText } from '@patchbay/plugin-sdk';
import type { EventAction, LooseFields, MessageReading, Severity } from '@patchbay/plugin-sdk';
import type { FoundAlert } from './alerts.ts';

/** States that end an alert. Every rule type names its groups of active alerts itself, so all others are active. */
const ENDED = new Set(['recovered', 'resolved', 'resolve', 'untracked', 'closed', 'ok', 'recovery']);
const ACKNOWLEDGED = new Set(['acknowledged', 'acknowledge']);
/** States in which nothing has happened yet. */
const WAITING = new Set(['delayed', 'pending']);

/** Groups of burn rates and thresholds that say how bad it is. */
const GROUP_SEVERITIES: [end: string, severity: Severity][] = [
  ['.warning', 'warning'],
  ['.nodata', 'warning'],
  ['burnrate.alert', 'critical'],
  ['burnrate.high', 'error'],
  ['burnrate.medium', 'warning'],
  ['burnrate.low', 'info'],
];

/** The event of a Kibana rule's alert, by a template of the operator or as Kibana stores it. */
export function alertEvent(found: FoundAlert, place: string, severity: (word: unknown) => Severity): MessageReading {
  const fields = looseFields(found.alert, 4);
  const watch = fields.text('watch_id');
  const rule = fields.text(
    'kibana.alert.rule.name',
    'rule.name',
    'rule_name',
    'ruleName',
    'signal.rule.name',
    'alertName',
    'monitor.name',
    'case.title',
    'metadata.name',
  );
  const key = keyOf(fields, rule, watch);
  if (key === undefined)
    return { issues: [{ path: place.replace(/\.$/, ''), message: 'Expected rule.id or rule.name, and alert.id' }] };
  const group = fields.text(
    'alert.actionGroup',
    'action_group',
    'actionGroup',
    'alertActionGroup',
    'kibana.alert.action_group',
    'alertActionGroupName',
    'actionGroupName',
  );
  const state = (
    found.state ??
    fields.text(
      'kibana.alert.status',
      'status',
      'state',
      'event_action',
      'alert.status',
      'case.status',
      'alert.state',
      'kibana.alert.workflow_status',
      'signal.status',
    ) ??
    group
  )
    ?.trim()
    .toLowerCase();
  if (state !== undefined && WAITING.has(state)) return { ignored: `The alert is ${state}` };
  const action = actionOf(state, group);

  const alert =
    instanceOf(fields) ??
    fields.text('alert.id', 'alert_id', 'kibana_alert_id', 'kibana.alert.instance.id', 'kibana.alert.group.value');
  const name = rule ?? watch ?? fields.text('name') ?? 'Elastic alert';
  const reason = fields.text(
    'kibana.alert.reason',
    'context.reason',
    'reason',
    'context.message',
    'message',
    'context.title',
    'metadata.description',
  );
  const host = fields.text(
    'host.name',
    'context.host.name',
    'host',
    'service.name',
    'context.serviceName',
    'monitor.name',
  );
  return eventOf({
    action,
    key,
    summary: [
      reason === undefined ? (isNoise(alert) ? name : `${name}: ${alert ?? ''}`) : `${name}: ${redactText(reason)}`,
    ],
    source: [
      host,
      isNoise(alert) ? undefined : alert,
      fields.text('kibana.space_ids', 'rule.spaceId'),
      name,
      'Elastic',
    ],
    severity: severityOf(fields, group, severity),
    kind:
      fields.text('rule.type', 'kibana.alert.rule.rule_type_id', 'kibana.alert.rule.category', 'rule_type') ??
      (watch === undefined ? 'rule' : 'watch'),
    component: firstText(host, isNoise(alert) ? undefined : alert),
    group: name,
    timestamp: fields.value('@timestamp', 'date', 'kibana.alert.start', 'execution_time', 'timestamp'),
    links: [
      [fields.text('context.alertDetailsUrl', 'kibana.alert.url', 'alert_details_url', 'alert_url'), 'Alert'],
      [fields.text('rule.url', 'rule_url', 'context.viewInAppUrl', 'context.link', 'context.results_link'), 'Rule'],
      [fields.text('kibanaBaseUrl', 'kibana_base_url', 'kibana_url'), 'Kibana'],
    ],
    details: detailsOf(found.alert),
  });
}

function actionOf(state: string | undefined, group: string | undefined): EventAction {
  if (state !== undefined && ACKNOWLEDGED.has(state)) return 'acknowledge';
  const ended = [state, group?.trim().toLowerCase()].some((word) => word !== undefined && ENDED.has(word));
  return ended ? 'resolve' : 'trigger';
}

/** Kibana's id of an alert that a rule has only one of. */
const isNoise = (alert: string | undefined): boolean =>
  alert === undefined || alert === '*' || alert === 'query matched';

/**
 * A rule and its alert. The uuid of an alert is another one every time it comes back, so it only counts where nothing
 * else tells a rule's alerts apart, as with detection rules, which are never told to be over.
 */
function keyOf(fields: LooseFields, rule: string | undefined, watch: string | undefined): string | undefined {
  if (watch !== undefined) return dedupKey('elastic', 'watch', watch);
  const space = fields.text('rule.spaceId', 'space_id', 'spaceId');
  const scope = space === undefined || space === 'default' ? [] : [space];
  const instance = instanceOf(fields);
  const id =
    fields.text('rule.id', 'rule_id', 'ruleId', 'kibana.alert.rule.uuid', 'signal.rule.id', 'case.id', 'monitor._id') ??
    (instance === undefined ? rule : (fields.text('alertId') ?? rule));
  const alert =
    instance ?? fields.text('alert.id', 'alert_id', 'alertId', 'kibana_alert_id', 'kibana.alert.instance.id');
  const given = fields.text('kibana.alert.uuid', 'alert.uuid', 'alert_uuid', 'signal.id');
  const uuid = given ?? fields.text('_id');
  if (id === undefined) {
    const own = fields.text('dedup_key', 'alias', 'incident_key') ?? alert ?? uuid;
    return own === undefined ? undefined : dedupKey('elastic', own);
  }
  const part = alert !== undefined && alert !== '*' ? alert : isDetection(fields) ? uuid : (alert ?? given);
  return dedupKey('elastic', ...scope, id, ...(part === undefined ? [] : [part]));
}

/** Before version 8 an alert was called an instance, and its rule an alert. */
const instanceOf = (fields: LooseFields): string | undefined => fields.text('alertInstanceId', 'alert_instance_id');

/** A detection rule's alerts are findings: each is a problem of its own. */
function isDetection(fields: LooseFields): boolean {
  const type =
    fields.text('kibana.alert.rule.rule_type_id', 'rule.type', 'kibana.alert.rule.producer', 'event.kind') ?? '';
  return (
    type.startsWith('siem') ||
    type === 'signal' ||
    fields.text('kibana.alert.workflow_status', 'signal.status') !== undefined
  );
}

function severityOf(fields: LooseFields, group: string | undefined, severity: (word: unknown) => Severity): Severity {
  const word = fields.text(
    'kibana.alert.severity',
    'severity',
    'signal.rule.severity',
    'rule.severity',
    'context.severity',
    'metadata.severity',
  );
  if (word !== undefined) return severity(word);
  const name = group?.toLowerCase() ?? '';
  const known = GROUP_SEVERITIES.find(([end]) => name.endsWith(end));
  return severity(known?.[1]);
}

import { looseFields } from '@patchbay/plugin-sdk';
import type { LooseFields } from '@patchbay/plugin-sdk';
import type { MonitorFacts } from './monitor-facts.ts';

/** These have one scale for both: "ok" is over, and every other level is a problem. */
const stateOf = (level: string): string => (/^ok$/i.test(level.trim()) ? 'ok' : 'firing');

/** https://docs.influxdata.com/kapacitor/v1/reference/event_handlers/post/ */
export function kapacitor(fields: LooseFields): MonitorFacts | undefined {
  const id = fields.text('id');
  const level = fields.text('level');
  if (id === undefined || level === undefined || fields.text('previousLevel', 'duration') === undefined)
    return undefined;
  return {
    state: stateOf(level),
    key: [id],
    summary: fields.text('message') ?? `${id} is ${level}`,
    source: ['Kapacitor'],
    severity: level,
    timestamp: fields.text('time'),
  };
}

/** The row of a check of InfluxDB 2, as an endpoint of type HTTP gets it: its tags stand beside fields with underscores. */
export function influxDb(fields: LooseFields): MonitorFacts | undefined {
  const check = fields.text('_check_id');
  const name = fields.text('_check_name') ?? check;
  const level = fields.text('_level');
  if (check === undefined || level === undefined) return undefined;
  const host = fields.text('host', 'instance', 'device');
  const text = fields.text('_message') ?? `${name ?? check} is ${level}`;
  return {
    state: stateOf(level),
    key: [check, host],
    summary: text,
    source: [host, name],
    severity: level,
    timestamp: fields.text('_time'),
  };
}

const SENSU_SEVERITIES: Record<string, string> = { '1': 'warning', '2': 'critical' };

/** An event of Sensu Go, or of Sensu Core, whose names stand one level higher: a status other than 0 is a problem. */
export function sensu(_: LooseFields, message: unknown): MonitorFacts | undefined {
  const fields = looseFields(message, 3);
  const entity = fields.text('entity.metadata.name', 'entity.name', 'client.name');
  const check = fields.text('check.metadata.name', 'check.name');
  const status = fields.text('check.status');
  if (entity === undefined || check === undefined || status === undefined) return undefined;
  const output = fields.text('check.output');
  return {
    state: status === '0' ? 'ok' : 'firing',
    key: [fields.text('entity.metadata.namespace', 'check.metadata.namespace'), entity, check],
    summary: `${check} on ${entity}${output === undefined ? '' : `: ${output}`}`,
    source: [entity],
    severity: SENSU_SEVERITIES[status],
    timestamp: fields.text('timestamp'),
  };
}

const GRAFANA_STATES: Record<string, string> = { alerting: 'firing', ok: 'ok', no_data: 'firing' };

/** The alerting of Grafana before version 8: https://grafana.com/docs/grafana/v7.5/alerting/notifications/#webhook */
export function grafanaLegacy(fields: LooseFields): MonitorFacts | undefined {
  const rule = fields.text('ruleId') ?? fields.text('ruleUrl');
  const name = fields.text('ruleName');
  const state = fields.text('state')?.toLowerCase();
  if (rule === undefined || name === undefined || state === undefined) return undefined;
  const text = fields.text('message');
  return {
    state: Object.hasOwn(GRAFANA_STATES, state) ? (GRAFANA_STATES[state] ?? state) : state,
    key: ['grafana-rule', rule],
    summary: text === undefined ? name : `${name}: ${text}`,
    source: ['Grafana'],
    severity: fields.text('tags.severity') ?? (state === 'no_data' ? 'warning' : undefined),
    links: [[fields.text('ruleUrl'), 'Rule']],
  };
}

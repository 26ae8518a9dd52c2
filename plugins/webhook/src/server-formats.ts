import { hostOf, looseFields } from '@patchbay/plugin-sdk';
import type { LooseFields } from '@patchbay/plugin-sdk';
import type { MonitorFacts } from './monitor-facts.ts';

const GRAYLOG_PRIORITIES: Record<string, string> = { '1': 'info', '2': 'warning', '3': 'error', '4': 'critical' };

/** An event of Graylog 3 and later; the key of the event tells what the definition groups by. It never says that it is over. */
export function graylog(fields: LooseFields): MonitorFacts | undefined {
  const definition = fields.text('eventdefinitionid');
  const message = fields.text('event.message');
  if (definition === undefined || message === undefined) return undefined;
  const title = fields.text('eventdefinitiontitle');
  const isTest = fields.text('eventdefinitiontype')?.startsWith('test') === true;
  return {
    state: isTest ? 'test' : fields.text('event.alert') === 'false' ? 'custom' : 'firing',
    key: ['graylog', definition, fields.text('event.key')],
    summary: title === undefined ? message : `${title}: ${message}`,
    source: [fields.text('event.source'), 'Graylog'],
    severity: GRAYLOG_PRIORITIES[fields.text('event.priority') ?? ''],
    timestamp: fields.text('event.timestamp'),
  };
}

/** The alarm callback of Graylog before version 3: one condition of one stream. */
export function graylogStream(_: LooseFields, message: unknown): MonitorFacts | undefined {
  const fields = looseFields(message, 3);
  const result = fields.text('checkresult.resultdescription');
  const stream = fields.text('stream.id', 'stream.title');
  if (result === undefined || stream === undefined) return undefined;
  const title = fields.text('stream.title');
  return {
    state: fields.text('checkresult.triggered') === 'false' ? 'ok' : 'firing',
    key: ['graylog', stream, fields.text('checkresult.triggeredcondition.id')],
    summary: title === undefined ? result : `${title}: ${result}`,
    source: [title, 'Graylog'],
    severity: undefined,
    timestamp: fields.text('checkresult.triggeredat'),
  };
}

/** An event of Riemann: the state is a severity, and "ok" when all is well. */
export function riemann(fields: LooseFields, message: unknown): MonitorFacts | undefined {
  const own = Object(message) as Record<string, unknown>;
  const { host, service, state } = own;
  if (typeof host !== 'string' || typeof service !== 'string' || typeof state !== 'string') return undefined;
  if (!('metric' in own) && !('ttl' in own)) return undefined;
  const text = fields.text('description');
  return {
    state: state.toLowerCase() === 'ok' ? 'ok' : 'firing',
    key: [host, service],
    summary: `${service} on ${host} is ${state}${text === undefined ? '' : `: ${text}`}`,
    source: [host],
    severity: state.toLowerCase() === 'expired' ? 'warning' : state,
    timestamp: fields.value('time'),
  };
}

const CRITICALITIES: Record<string, string> = { CRITICAL: 'critical', IMMEDIATE: 'error', WARNING: 'warning' };

/** The REST plugin of VMware vRealize (Aria) Operations. */
export function vRealize(fields: LooseFields): MonitorFacts | undefined {
  const id = fields.text('alertid');
  const level = /^ALERT_CRITICALITY_LEVEL_(\w{1,40})$/.exec(fields.text('criticality') ?? '')?.[1];
  const status = fields.text('status')?.toUpperCase();
  if (id === undefined || level === undefined || status === undefined) return undefined;
  const name = fields.text('resourcename');
  const text = fields.text('alertname', 'info', 'subtype') ?? 'Alert';
  return {
    state: status.startsWith('CANCEL') ? 'ok' : 'firing',
    key: ['vrealize', id],
    summary: name === undefined ? text : `${text} on ${name}`,
    source: [name, 'vRealize Operations'],
    severity: CRITICALITIES[level] ?? 'info',
    timestamp: fields.value('updatedate', 'startdate'),
  };
}

/** The webhook of an alert in Splunk: a saved search fires, and never says that it is over. */
export function savedSearch(fields: LooseFields): MonitorFacts | undefined {
  const name = fields.text('searchname');
  const link = fields.text('resultslink');
  if (name === undefined || link === undefined || fields.text('sid') === undefined) return undefined;
  const host = fields.text('result.host');
  const text = fields.text('result.message', 'result._raw');
  return {
    state: 'firing',
    key: [hostOf(link), fields.text('app'), name],
    summary: `${name}${host === undefined ? '' : ` on ${host}`}${text === undefined ? '' : `: ${text}`}`,
    source: [host, hostOf(link), 'Splunk'],
    severity: fields.text('result.severity', 'result.urgency'),
    links: [[link, 'Results']],
  };
}

/** A message of Librato or AppOptics: one that is over says how it was cleared. */
export function librato(fields: LooseFields): MonitorFacts | undefined {
  const id = fields.text('alert.id');
  const name = fields.text('alert.name');
  if (id === undefined || name === undefined || fields.text('triggertime') === undefined) return undefined;
  return {
    state: fields.text('clear') === undefined ? 'firing' : 'ok',
    key: ['librato', fields.text('account'), id],
    summary: name,
    source: [fields.text('account'), 'Librato'],
    severity: undefined,
    links: [[fields.text('alert.runbookurl'), 'Runbook']],
    timestamp: fields.value('triggertime'),
  };
}

/** What media types of Zabbix for chats send: the trigger by its words, and its id in the link alone. */
export function zabbixTrigger(fields: LooseFields): MonitorFacts | undefined {
  const name = fields.text('trigger');
  const host = fields.text('hostname', 'host');
  const state = fields.text('status');
  if (name === undefined || host === undefined || state === undefined) return undefined;
  if (!/^(problem|ok|resolved)$/i.test(state) || fields.text('item', 'link') === undefined) return undefined;
  const link = fields.text('link');
  return {
    state,
    key: [host, /[?&]triggerid=(\d{1,20})/.exec(link ?? '')?.[1] ?? name],
    summary: name.includes(host) ? name : `${name} on ${host}`,
    source: [host],
    severity: fields.text('severity'),
    links: [[link, 'Zabbix']],
  };
}

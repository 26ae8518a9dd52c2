import { dedupKey, detailsOf, eventOf, hostOf, looseFields, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, LooseFields, Severity } from '@patchbay/plugin-sdk';
import { semaphore, semaphoreClassic } from './build-formats.ts';
import { grafanaLegacy, influxDb, kapacitor, sensu } from './metric-formats.ts';
import type { MonitorFacts } from './monitor-facts.ts';
import { graylog, graylogStream, librato, riemann, savedSearch, vRealize, zabbixTrigger } from './server-formats.ts';
import { bugsnag, conviva, fastly, mackerel, updown } from './service-formats.ts';

type ReadSeverity = (word: unknown) => Severity;
type FormatReading = EventPayload | { ignored: string };

const ACTIONS: Record<string, EventAction> = {
  problem: 'trigger',
  down: 'trigger',
  trouble: 'trigger',
  critical: 'trigger',
  warning: 'trigger',
  firing: 'trigger',
  '1': 'trigger',
  acknowledgement: 'acknowledge',
  acknowledged: 'acknowledge',
  recovery: 'resolve',
  resolved: 'resolve',
  ok: 'resolve',
  up: 'resolve',
  clear: 'resolve',
  '0': 'resolve',
};

/** States of monitoring products that are also a severity. */
const SEVERITIES: Record<string, Severity> = {
  down: 'critical',
  unreachable: 'critical',
  trouble: 'warning',
  unknown: 'warning',
  unkn: 'warning',
  average: 'warning',
  '5': 'critical',
  '4': 'error',
  '3': 'warning',
  '2': 'warning',
};

/** States that are no alert; one that nobody knows is refused instead, so that the operator hears of it. */
const QUIET =
  /^(downtime|flapping|custom|maintenance|suspend|discover|pending|paused|grace|new|suppressed|undefined|uninitialized|removed|test)/i;

/** Those with names of their own go first: the others take a name wherever it stands in the message. */
const FORMATS = [
  fastly,
  conviva,
  updown,
  mackerel,
  bugsnag,
  graylog,
  graylogStream,
  vRealize,
  semaphore,
  semaphoreClassic,
  librato,
  nagios,
  zabbix,
  zabbixTrigger,
  site24x7,
  netdata,
  healthchecks,
  alertmanager,
  kapacitor,
  influxDb,
  sensu,
  grafanaLegacy,
  riemann,
  savedSearch,
];

/** The event of a message in the words of a well-known monitoring product; undefined for every other message. */
export function monitorEvent(message: unknown, severity: ReadSeverity): FormatReading | undefined {
  const fields = looseFields(message, 2);
  for (const format of FORMATS) {
    const facts = format(fields, message);
    if (facts === undefined || facts.key.every((part) => part === undefined)) continue;
    const action = wordOf(ACTIONS, facts.state);
    if (action === undefined && QUIET.test(facts.state.trim()))
      return { ignored: `The state "${facts.state.slice(0, 60)}" opens or closes no incident` };
    if (action === undefined) continue;
    return eventOf({
      action,
      key: dedupKey('webhook', ...facts.key.map((part) => part ?? '')),
      summary: [facts.summary, facts.key.find((part) => part !== undefined)],
      source: [...facts.source, 'webhook'],
      severity: wordOf(SEVERITIES, facts.severity) ?? severity(facts.severity),
      kind: 'alert',
      timestamp: facts.timestamp,
      links: facts.links ?? [],
      details: detailsOf(message),
    });
  }
  return undefined;
}

/** Nagios, Icinga and Checkmk: their macros, whatever a script makes of the separators. */
function nagios(fields: LooseFields): MonitorFacts | undefined {
  const state = fields.text('notificationtype');
  const host = fields.text('hostname', 'hostalias', 'host');
  if (state === undefined || host === undefined) return undefined;
  const service = fields.text('servicedesc', 'servicedescription', 'servicename', 'servicedisplayname', 'service');
  const word = fields.text('servicestate', 'hoststate', 'state');
  const output = fields.text('serviceoutput', 'hostoutput', 'output');
  const what = [service === undefined ? host : `${service} on ${host}`, word].filter(Boolean).join(' is ');
  return {
    state,
    key: [host, service],
    summary: output === undefined ? what : `${what}: ${output}`,
    source: [host],
    severity: word,
  };
}

/** An event keeps its id when its problem is over. */
function zabbix(fields: LooseFields): MonitorFacts | undefined {
  const id = fields.text('eventid', 'triggerid');
  const name = fields.text('eventname', 'triggername');
  const state = fields.text('eventvalue', 'eventstatus', 'triggerstatus', 'triggervalue');
  if (id === undefined || name === undefined || state === undefined) return undefined;
  const host = fields.text('hostname', 'hosthost', 'host');
  const isAcknowledged = /\backnowledged\b/.test(fields.text('eventupdateaction') ?? '');
  return {
    state: isAcknowledged && wordOf(ACTIONS, state) === 'trigger' ? 'acknowledged' : state,
    key: [id],
    summary: host === undefined || name.includes(host) ? name : `${name} on ${host}`,
    source: [host],
    severity: fields.text('eventseverity', 'triggerseverity', 'eventnseverity', 'triggernseverity'),
  };
}

function site24x7(fields: LooseFields): MonitorFacts | undefined {
  const name = fields.text('monitorname');
  const state = fields.text('status');
  const dashboard = fields.text('monitordashboardlink');
  if (name === undefined || state === undefined) return undefined;
  const reason = fields.text('incidentreason');
  const url = fields.text('monitorurl');
  return {
    state,
    key: [fields.text('monitorid') ?? name],
    summary: `${name} is ${state}${reason === undefined ? '' : `: ${reason}`}`,
    source: [hostOf(url), url, name],
    severity: state,
    links: [[dashboard, 'Monitor']],
    timestamp: fields.text('incidenttimeiso'),
  };
}

/** Alerts by their severity, which is "clear" when they are over. */
function netdata(fields: LooseFields): MonitorFacts | undefined {
  const alert = fields.text('alert', 'alarm');
  const chart = fields.text('chart');
  const severity = fields.text('severity');
  if (alert === undefined || chart === undefined || severity === undefined) return undefined;
  const host = fields.text('host', 'hostname', 'node');
  return {
    // Netdata has one word for both: "clear" is over, and whatever else it says is not.
    state: severity.trim().toLowerCase() === 'clear' ? 'clear' : 'firing',
    key: [fields.text('space'), host, chart, alert],
    summary: fields.text('message') ?? `${alert} on ${chart}`,
    source: [host, fields.text('space')],
    severity,
    links: [[fields.text('alerturl', 'alarmurl'), 'Alert']],
    timestamp: fields.text('date'),
  };
}

/** Checks that are up or down, and have a code or an id. */
function healthchecks(fields: LooseFields): MonitorFacts | undefined {
  const id = fields.text('code', 'uuid', 'checkid', 'id');
  const name = fields.text('name', 'checkname');
  const state = fields.text('status');
  if (id === undefined || name === undefined || !/^(up|down)$/i.test(state ?? '')) return undefined;
  return { state: state ?? '', key: [id], summary: `${name} is ${state}`, source: [name], severity: undefined };
}

/** One alert of Alertmanager or of what speaks like it. */
function alertmanager(fields: LooseFields): MonitorFacts | undefined {
  const name = fields.text('labels.alertname');
  // The list that Prometheus itself posts says no state: it names what is firing.
  const state = fields.text('status') ?? (fields.text('startsAt') === undefined ? undefined : 'firing');
  const fingerprint = fields.text('fingerprint');
  if (state === undefined || name === undefined) return undefined;
  const instance = fields.text('labels.instance', 'labels.host');
  const summary = fields.text('annotations.summary', 'annotations.description') ?? name;
  return {
    state,
    key: fingerprint === undefined ? [name, labelsKey(fields.value('labels'))] : [fingerprint],
    summary: instance === undefined || summary.includes(instance) ? summary : `${summary} on ${instance}`,
    source: [instance],
    severity: fields.text('labels.severity'),
    links: [[fields.text('generatorURL'), 'Source']],
    timestamp: fields.text('startsAt'),
  };
}

/** Labels in one order, whatever order they came in. */
function labelsKey(labels: unknown): string {
  return JSON.stringify(Object.entries(Object(labels) as object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function wordOf<T>(words: Record<string, T>, word: unknown): T | undefined {
  const plain = textOf(word)?.toLowerCase() ?? '';
  return Object.hasOwn(words, plain) ? words[plain] : undefined;
}

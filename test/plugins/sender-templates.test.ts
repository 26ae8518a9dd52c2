import { describe, expect, it } from 'vitest';
import { ingestPlugins, pluginManifest, runIngest } from './plugin-run.ts';

/**
 * The texts to paste, filled in as the vendor would, and read by their own plugins: a problem that begins, and the same
 * one when it is over.
 */
interface Sender {
  /** A place to be filled in; its first group names the variable. */
  readonly variable: RegExp;
  readonly begins: Readonly<Record<string, unknown>>;
  /** What is different when it is over. */
  readonly ends: Readonly<Record<string, unknown>>;
  /** What the vendor's template language does beside filling in. */
  readonly prepare?: (text: string) => string;
}

const senders: Record<string, Sender> = {
  appdynamics: {
    variable: /\$\{([\w.]+)\}/g,
    prepare: (text) => text.replace(/#if\(.*\)\n|#end\n?/g, ''),
    begins: {
      'latestEvent.eventType': 'POLICY_OPEN_CRITICAL',
      'latestEvent.severity': 'ERROR',
      'latestEvent.displayName': 'Health Rule Violation Started - Critical',
      'latestEvent.summaryMessage': 'Response time is "critical"',
      'latestEvent.eventTime': 'Thu Jan 01 10:00:00 UTC 2026',
      'latestEvent.deepLink': 'https://acme.saas.appdynamics.com/#location=APP_INCIDENT_DETAIL&incident=7',
      controllerUrl: 'https://acme.saas.appdynamics.com',
      'policy.name': 'On call',
      'latestEvent.application.name': 'shop',
      'latestEvent.tier.name': 'web',
      'latestEvent.node.name': 'web-1',
      'latestEvent.healthRule.id': '3',
      'latestEvent.healthRule.name': 'Response time',
      'latestEvent.incident.id': '7',
    },
    ends: { 'latestEvent.eventType': 'POLICY_CLOSE_CRITICAL', 'latestEvent.severity': 'INFO' },
  },
  datadog: {
    variable: /\$([A-Z_]+)/g,
    begins: {
      ALERT_CYCLE_KEY: '1234567890',
      ALERT_ID: '42',
      ALERT_TRANSITION: 'Triggered',
      ALERT_TYPE: 'error',
      ALERT_PRIORITY: 'P1',
      ALERT_SCOPE: 'host:web-1',
      ALERT_METRIC: 'system.load.1',
      EVENT_TITLE: '[Triggered] Load is "high" on web-1',
      EVENT_TYPE: 'query_alert_monitor',
      TEXT_ONLY_MSG: 'Load is high\nsince 10:00',
      HOSTNAME: 'web-1',
      LINK: 'https://app.datadoghq.com/monitors/42',
      SNAPSHOT: '',
      TAGS: 'env:prod,host:web-1',
      LAST_UPDATED: '1767261600000',
      ORG_ID: '1',
      ORG_NAME: 'Acme',
    },
    ends: { ALERT_TRANSITION: 'Recovered', ALERT_TYPE: 'success' },
  },
  dynatrace: {
    variable: /\{(\w+)\}/g,
    begins: {
      State: 'OPEN',
      PID: '-1234567890_1767261600000V2',
      ProblemID: 'P-26011',
      ProblemTitle: 'Failure rate increase',
      ProblemSeverity: 'ERROR',
      ProblemImpact: 'SERVICE',
      ProblemURL: 'https://abc.live.dynatrace.com/#problems/problemdetails;pid=1',
      ImpactedEntity: 'Failure rate increase on checkout',
      ImpactedEntities: [{ type: 'SERVICE', name: 'checkout', entity: 'SERVICE-1' }],
      Tags: 'env:prod',
    },
    ends: { State: 'RESOLVED' },
  },
  elastic: {
    variable: /\{\{([\w.]+)\}\}/g,
    begins: {
      'rule.id': 'r-1',
      'rule.name': 'CPU',
      'rule.type': 'metrics.alert.threshold',
      'rule.url': 'https://kibana.example.com/app/rules/r-1',
      'rule.spaceId': 'default',
      'alert.id': 'web-1',
      'alert.uuid': 'u-1',
      'alert.actionGroup': 'metrics.threshold.fired',
      'context.reason': 'CPU is 95 %',
      'context.message': '',
      'context.alertDetailsUrl': 'https://kibana.example.com/app/alerts/u-1',
      kibanaBaseUrl: 'https://kibana.example.com',
      date: '2026-01-01T10:00:00.000Z',
    },
    ends: { 'alert.actionGroup': 'recovered' },
  },
  honeycomb: {
    variable: /\{\{ (?:toJson )?(\.[\w.]+) \}\}/g,
    begins: {
      '.ID': 'abc123',
      '.Name': 'Slow checkout',
      '.Alert.Status': 'TRIGGERED',
      '.Alert.Summary': 'Slow checkout: P99 is "too" high',
      '.Alert.Timestamp': '2026-01-01T10:00:00Z',
      '.Alert.IsTest': false,
      '.Description': 'P99 of checkout',
      '.Environment': 'prod',
      '.URL': 'https://ui.honeycomb.io/acme/environments/prod/datasets/shop/triggers/abc123',
      '.Result.URL': 'https://ui.honeycomb.io/acme/environments/prod/datasets/shop/result/r1',
    },
    ends: { '.Alert.Status': 'OK', '.Alert.Summary': '' },
  },
  newrelic: {
    variable: /\{\{ (?:json )?([\w.[\]]+) \}\}/g,
    begins: {
      issueId: '0ea2df1c-adab-45d2-aae0-042b609d2322',
      issuePageUrl: 'https://radar-api.service.newrelic.com/accounts/1/issues/0ea2df1c',
      'annotations.title.[0]': 'CPU is "high"',
      priority: 'CRITICAL',
      'entitiesData.names': ['web-1'],
      totalIncidents: 1,
      state: 'ACTIVATED',
      triggerEvent: 'STATE_CHANGE',
      isCorrelated: false,
      createdAt: 1767261600000,
      updatedAt: 1767261600000,
      'accumulations.source': ['newrelic'],
      'accumulations.policyName': ['Production'],
      'accumulations.conditionName': ['CPU'],
      'accumulations.runbookUrl': [],
      workflowName: 'On call',
    },
    ends: { state: 'CLOSED', updatedAt: 1767265200000 },
  },
  'splunk-observability': {
    variable: /\{\{\{(\w+)\}\}\}/g,
    begins: {
      incidentId: 'EFtYGJ0A4AA',
      statusExtended: 'anomalous',
      severity: 'Critical',
      messageTitle: 'Critical Alert: CPU (web-1)',
      detector: 'CPU',
      detectorUrl: 'https://app.us0.signalfx.com/#/detector/v2/F1/edit',
      rule: 'CPU is high',
      runbookUrl: '',
      timestampISO8601: '2026-01-01T10:00:00Z',
    },
    ends: { statusExtended: 'ok' },
  },
  'splunk-oncall': {
    variable: /\$\{\{([\w.]+)\}\}/g,
    begins: {
      'ALERT.entity_id': 'db-1/disk',
      'ALERT.message_type': 'CRITICAL',
      'ALERT.entity_display_name': 'Disk of db-1',
      'ALERT.state_message': 'Disk is "full"',
      'ALERT.monitoring_tool': 'nagios',
      'ALERT.VO_ORGANIZATION_ID': 'acme',
      'STATE.ENTITY_ID': 'db-1/disk',
      'STATE.CURRENT_ALERT_PHASE': 'UNACKED',
      'STATE.CURRENT_STATE': 'CRITICAL',
      'STATE.SERVICE': 'disk',
      'STATE.HOST': 'db-1',
      'STATE.INCIDENT_NAME': '17',
      'STATE.INFO_URL': '',
    },
    ends: {
      'ALERT.message_type': 'RECOVERY',
      'STATE.CURRENT_ALERT_PHASE': 'RESOLVED',
      'STATE.CURRENT_STATE': 'OK',
    },
  },
  'uptime-kuma': {
    variable: /\{\{ (\w+) \| json \}\}/g,
    begins: {
      heartbeatJSON: {
        monitorID: 3,
        status: 0,
        time: '2026-01-01 10:00:00.000',
        msg: 'connect "refused"',
        duration: 60,
      },
      monitorJSON: { id: 3, name: 'Shop', type: 'http', url: 'https://shop.example.com/' },
      msg: '[Shop] [🔴 Down] connect "refused"',
    },
    ends: {
      heartbeatJSON: { monitorID: 3, status: 1, time: '2026-01-01 10:05:00.000', msg: '200 - OK', duration: 300 },
      msg: '[Shop] [✅ Up] 200 - OK',
    },
  },
  uptimerobot: {
    variable: /\*(\w+)\*/g,
    begins: {
      monitorID: '778234',
      monitorURL: 'https://shop.example.com',
      monitorFriendlyName: 'Shop',
      alertType: '1',
      alertTypeFriendlyName: 'Down',
      alertDetails: 'HTTP 503 - "Service Unavailable"',
      alertDuration: '0',
    },
    ends: { alertType: '2', alertTypeFriendlyName: 'Up', alertDetails: 'HTTP 200 - OK', alertDuration: '300' },
  },
};

function templateOf(name: string): string {
  const { prepare = (text) => text } = senders[name] as Sender;
  return prepare(pluginManifest(name).senderTemplate?.text ?? '');
}

/** Text stands inside of quotes, unless the template has it written as JSON. */
function filledIn(name: string, values: Readonly<Record<string, unknown>>): string {
  return templateOf(name).replace((senders[name] as Sender).variable, (place, key: string) => {
    if (!Object.hasOwn(values, key))
      throw new Error(`The template of ${name} has a variable that nobody fills: ${key}`);
    const json = JSON.stringify(values[key]);
    const isJson = /\bjson\b|toJson/.test(place) || typeof values[key] !== 'string';
    return isJson ? json : json.slice(1, -1);
  });
}

describe('the text that an operator pastes into the sender', () => {
  it('is there for every sender whose body can be replaced', () => {
    const offered = ingestPlugins().filter((name) => pluginManifest(name).senderTemplate !== undefined);
    expect(offered.sort()).toEqual(Object.keys(senders).sort());
  });

  it.each(Object.keys(senders))('of %s makes one incident that opens and is resolved', async (name) => {
    const { begins, ends, variable } = senders[name] as Sender;
    const used = [...templateOf(name).matchAll(variable)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(begins).sort());
    const keys: string[] = [];
    for (const [action, values] of [
      ['trigger', begins],
      ['resolve', { ...begins, ...ends }],
    ] as const) {
      const text = filledIn(name, values);
      expect(() => JSON.parse(text) as unknown, text).not.toThrow();
      const outcome = await runIngest(name, { text });
      expect(outcome, text).toMatchObject({ outcome: 'events', events: [{ event_action: action }] });
      if (outcome.outcome === 'events') keys.push(...outcome.events.map((event) => event.dedup_key));
    }
    expect(keys).toEqual([keys[0], keys[0]]);
  });
});

import { hostOf, textOf } from '@patchbay/plugin-sdk';
import type { LooseFields } from '@patchbay/plugin-sdk';
import type { MonitorFacts } from './monitor-facts.ts';

/** https://docs.fastly.com/products/observability-alerts: one definition triggers and stops to. */
export function fastly(fields: LooseFields): MonitorFacts | undefined {
  const definition = /\/definitions\/([\w-]{1,64})/.exec(fields.text('definitionapi', 'definitionui') ?? '')?.[1];
  const isTriggered = fields.text('triggered');
  if (definition === undefined || isTriggered === undefined) return undefined;
  const title = fields.text('title')?.replace(/^\[(FIRING|RESOLVED)\] /, '');
  const text = fields.text('description');
  return {
    state: isTriggered === 'true' ? 'firing' : 'ok',
    key: ['fastly', definition],
    summary: title === undefined || text === undefined ? (title ?? text) : `${title}: ${text}`,
    source: ['Fastly'],
    severity: undefined,
    links: [
      [fields.text('historyui'), 'Alert'],
      [fields.text('definitionui'), 'Definition'],
    ],
    timestamp: fields.text('start'),
  };
}

/** An alert of Conviva, which never says that it is over; its id is a new one each time. */
export function conviva(fields: LooseFields): MonitorFacts | undefined {
  const metric = fields.text('metricname');
  const report = fields.text('diagnosticreporturl');
  if (metric === undefined || report === undefined) return undefined;
  const cause = fields.text('rootcause');
  const account = fields.text('accountname');
  return {
    state: 'firing',
    key: ['conviva', account, metric, cause],
    summary: cause === undefined ? metric : `${metric} on ${cause}`,
    source: [account, 'Conviva'],
    severity: fields.text('severity'),
    links: [
      [report, 'Diagnostic report'],
      [fields.text('customfields.runbookurl'), 'Runbook'],
    ],
  };
}

const UPDOWN: Record<string, readonly [state: string, about: string | undefined]> = {
  'check.down': ['down', undefined],
  'check.up': ['up', undefined],
  'check.ssl_invalid': ['warning', 'ssl'],
  'check.ssl_expiration': ['warning', 'ssl'],
  'check.ssl_valid': ['ok', 'ssl'],
  'check.ssl_renewed': ['ok', 'ssl'],
};

/** https://updown.io/api#webhooks: a certificate and a site that is down are two problems. */
export function updown(fields: LooseFields): MonitorFacts | undefined {
  const token = fields.text('check.token');
  const event = fields.text('event') ?? '';
  if (token === undefined || !Object.hasOwn(UPDOWN, event)) return undefined;
  const [state, about] = UPDOWN[event] ?? ['', undefined];
  const url = fields.text('check.url');
  return {
    state,
    key: ['updown', token, ...(about === undefined ? [] : [about])],
    summary: fields.text('description') ?? `${fields.text('check.alias') ?? url ?? token} is ${state}`,
    source: [hostOf(url), url],
    severity: state,
    links: [[url, 'What is checked']],
    timestamp: fields.text('time'),
  };
}

/** https://mackerel.io/docs/entry/howto/alerts/webhook: an alert has one address from its beginning to its end. */
export function mackerel(fields: LooseFields): MonitorFacts | undefined {
  const name = fields.text('alert.monitorname');
  const address = fields.text('alert.url');
  const status = fields.text('alert.status')?.toLowerCase();
  if (fields.text('event') !== 'alert' || name === undefined || status === undefined) return undefined;
  const host = fields.text('host.name', 'service.name');
  return {
    state: status === 'ok' || fields.text('alert.isopen') === 'false' ? 'ok' : 'firing',
    key: ['mackerel', address ?? name, ...(address === undefined ? [host] : [])],
    summary: host === undefined ? name : `${name} on ${host}`,
    source: [host, 'Mackerel'],
    severity: status,
    links: [[address, 'Alert']],
    timestamp: fields.value('alert.createdat'),
  };
}

/** https://docs.bugsnag.com/product/integrations/data-forwarding/webhook/: an error is over when somebody marks it so. */
export function bugsnag(fields: LooseFields): MonitorFacts | undefined {
  const id = fields.text('error.errorid');
  const kind = fields.text('trigger.type');
  if (id === undefined || kind === undefined || fields.value('project') === undefined) return undefined;
  const status = fields.text('error.status')?.toLowerCase();
  // Comments and the like come with the error that they are about.
  const isNews = /^(exception|firstException|powerTen|reopened|errorEventFrequency)$/.test(kind);
  const what = [fields.text('error.exceptionclass'), fields.text('error.message')].flatMap(
    (text) => textOf(text) ?? [],
  );
  const project = fields.text('project.name');
  return {
    state: status === 'fixed' ? 'resolved' : isNews ? 'firing' : `custom: ${kind}`,
    key: ['bugsnag', id],
    summary: `${project === undefined ? '' : `${project}: `}${what.join(': ')}`,
    source: [project, 'Bugsnag'],
    severity: fields.text('error.severity'),
    links: [[fields.text('error.url'), 'Error']],
    timestamp: fields.text('error.receivedat'),
  };
}

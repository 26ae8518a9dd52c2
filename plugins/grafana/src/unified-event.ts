import {
  dedupKey,
  firstText,
  labelText,
  linksFrom,
  sourceText,
  summaryText,
  textOf,
  webUrl,
} from '@patchbay/plugin-sdk';
import type { EventDetails, EventPayload } from '@patchbay/plugin-sdk';
import { hostOf } from './grafana-host.ts';
import type { Settings } from './settings.ts';
import type { UnifiedAlert, UnifiedMessage } from './unified.schema.ts';

/** Words of a status that end an alert. A word that nobody knows opens: an alert is never lost for it. */
const OVER = new Set(['resolved', 'ok', 'normal', 'inactive']);

/** The events of a message, in its order. */
export function unifiedEvents(message: UnifiedMessage, settings: Settings): EventPayload[] {
  // The same for all of a hundred alerts, and dear in an interpreter.
  const host = hostOf(message.externalURL);
  return (message.alerts ?? []).map((alert) => unifiedEvent(alert, message, host, settings));
}

/** The event of one alert; its state comes from the alert's own status and from nothing else. */
function unifiedEvent(
  alert: UnifiedAlert,
  message: UnifiedMessage,
  host: string | undefined,
  settings: Settings,
): EventPayload {
  const annotations = alert.annotations ?? {};
  const status = textOf(alert.status) ?? textOf(message.status) ?? '';
  const resolved = OVER.has(status.toLowerCase());
  const links = linksFrom(
    [alert.panelURL, 'Panel'],
    [alert.dashboardURL, 'Dashboard'],
    [alert.generatorURL, 'Alert rule'],
    [annotations.runbook_url ?? annotations.runbook, 'Runbook'],
    [alert.silenceURL, 'Silence it in Grafana'],
    [message.externalURL, 'Grafana'],
  );
  const image = webUrl(alert.imageURL);
  return {
    event_action: resolved ? 'resolve' : 'trigger',
    dedup_key: unifiedKey(alert, message, host),
    payload: unifiedDetails(alert, message, settings, resolved),
    ...(links.length > 0 ? { links } : {}),
    ...(image !== undefined ? { images: [{ src: image, alt: 'The panel when the alert fired' }] } : {}),
  };
}

/** True for what the Test button of a contact point sends. */
export function isUnifiedTest(message: UnifiedMessage): boolean {
  const alerts = message.alerts ?? [];
  return (
    alerts.length > 0 &&
    alerts.every(({ labels }) => labels?.alertname === 'TestAlert' && labels.instance === 'Grafana')
  );
}

/** A fingerprint is the hash of the labels, so two organisations or two Grafanas can share one. */
function unifiedKey(alert: UnifiedAlert, message: UnifiedMessage, host: string | undefined): string {
  const organisation = textOf(alert.orgId ?? message.orgId) ?? '1';
  const place = host ?? hostOf(alert.generatorURL) ?? 'grafana';
  const fingerprint = textOf(alert.fingerprint);
  if (fingerprint !== undefined) return dedupKey('grafana', place, organisation, fingerprint);
  const sorted = Object.entries(alert.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return dedupKey('grafana', place, organisation, 'labels', JSON.stringify(sorted));
}

function unifiedDetails(
  alert: UnifiedAlert,
  message: UnifiedMessage,
  settings: Settings,
  resolved: boolean,
): EventDetails {
  const labels = alert.labels ?? {};
  const annotations = alert.annotations ?? {};
  const place = firstText(labels.instance, labels.host, labels.node, labels.pod, labels.namespace);
  const rule = firstText(labels.rulename, labels.alertname);
  const component = labelText(labels.service, labels.job, labels.container);
  const group = labelText(labels.grafana_folder, labels.team, labels.cluster, labels.namespace);
  const kind = labelText(labels.alertname);
  const timestamp = (resolved ? instant(alert.endsAt) : undefined) ?? instant(alert.startsAt);
  const details: EventDetails = {
    summary: summaryText(
      firstText(annotations.summary, annotations.title, annotations.message, annotations.description) ??
        faultText(labels.alertname, rule, annotations.Error) ??
        (rule === undefined || place === undefined ? rule : `${rule} on ${place}`) ??
        labelsText(labels),
    ),
    source: sourceText(place, labels.job, labels.grafana_folder, message.externalURL, 'Grafana'),
    severity: unifiedSeverity(alert, settings),
    custom_details: {
      labels,
      annotations,
      values: alert.values ?? alert.valueString ?? null,
      receiver: message.receiver ?? null,
    },
  };
  if (timestamp !== undefined) details.timestamp = timestamp;
  if (component !== undefined) details.component = component;
  if (group !== undefined) details.group = group;
  if (kind !== undefined) details.class = kind;
  return details;
}

/** What Grafana says of a rule that it could not evaluate: it has no annotations of its own but the error. */
function faultText(alertname: unknown, rule: string | undefined, error: unknown): string | undefined {
  if (alertname === 'DatasourceNoData') return `${rule}: the query returns no data`;
  if (alertname !== 'DatasourceError') return undefined;
  return `${rule}: the query fails${textOf(error) === undefined ? '' : `: ${textOf(error)}`}`;
}

/** All that an alert without a name says. */
function labelsText(labels: NonNullable<UnifiedAlert['labels']>): string | undefined {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${textOf(value) ?? ''}`);
  return pairs.length === 0 ? undefined : pairs.join(', ');
}

/** A rule whose query gave nothing or failed is not the outage that its severity label speaks of. */
function unifiedSeverity(alert: UnifiedAlert, settings: Settings): EventDetails['severity'] {
  const labels = alert.labels ?? {};
  if (labels.alertname === 'TestAlert' && labels.instance === 'Grafana') return 'info';
  if (labels.severity === undefined && labels.alertname === 'DatasourceNoData') return 'warning';
  return settings.severity(labels.severity);
}

/** Grafana writes the zero time of Go for "not yet". */
function instant(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text.startsWith('0001-') || text.length > 64 ? undefined : text;
}

import { dedupKey, firstText, labelText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { EventDetails, EventPayload, Severity } from '@patchbay/plugin-sdk';
import type { AlertmanagerAlert, AlertmanagerMessage } from './alertmanager.schema.ts';

export interface Settings {
  severity: (word: unknown) => Severity;
  severityLabel: string;
}

/** Words of a status that end an alert. A word that nobody knows opens: an alert is never lost for it. */
const OVER = new Set(['resolved', 'ok', 'normal', 'inactive']);

/** The event of one alert; its state comes from the alert's own status and from nothing else. */
export function alertEvent(alert: AlertmanagerAlert, message: AlertmanagerMessage, settings: Settings): EventPayload {
  const annotations = alert.annotations ?? {};
  const status = textOf(alert.status) ?? textOf(message.status) ?? '';
  const resolved = OVER.has(status.toLowerCase());
  const links = linksFrom(
    [alert.generatorURL, 'Query in Prometheus'],
    [annotations.runbook_url ?? annotations.runbook, 'Runbook'],
    [annotations.dashboard_url ?? annotations.dashboard, 'Dashboard'],
    [message.externalURL, 'Alertmanager'],
  );
  return {
    event_action: resolved ? 'resolve' : 'trigger',
    dedup_key: alertKey(alert),
    payload: alertDetails(alert, message, settings, resolved),
    ...(links.length > 0 ? { links } : {}),
  };
}

/** Alertmanager before 0.18 sends no fingerprint; the sorted labels are what it would be computed from. */
function alertKey(alert: AlertmanagerAlert): string {
  const fingerprint = textOf(alert.fingerprint);
  if (fingerprint !== undefined) return dedupKey('prometheus', fingerprint);
  const sorted = Object.entries(alert.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return dedupKey('prometheus-labels', JSON.stringify(sorted));
}

function alertDetails(
  alert: AlertmanagerAlert,
  message: AlertmanagerMessage,
  settings: Settings,
  resolved: boolean,
): EventDetails {
  const labels = alert.labels ?? {};
  const annotations = alert.annotations ?? {};
  const place = firstText(labels.instance, labels.node, labels.host, labels.pod, labels.namespace);
  const component = labelText(labels.service, labels.job, labels.container, labels.deployment);
  const group = labelText(labels.cluster, labels.namespace, labels.group);
  const kind = labelText(labels.alertname);
  const timestamp = resolved ? (instant(alert.endsAt) ?? instant(alert.startsAt)) : instant(alert.startsAt);
  const missing = Number(message.truncatedAlerts ?? 0);
  const details: EventDetails = {
    summary: summaryText(
      firstText(
        annotations.summary,
        annotations.title,
        labels.summary,
        annotations.message,
        annotations.description,
        alert.summary,
        alert.description,
      ) ??
        named(labels.alertname, place) ??
        labelsText(labels),
    ),
    source: sourceText(place, labels.job, message.externalURL, 'Alertmanager'),
    severity: settings.severity(labels[settings.severityLabel]),
    custom_details: {
      labels,
      annotations,
      receiver: message.receiver ?? null,
      ...(missing > 0 ? { truncatedAlerts: missing } : {}),
    },
  };
  if (timestamp !== undefined) details.timestamp = timestamp;
  if (component !== undefined) details.component = component;
  if (group !== undefined) details.group = group;
  if (kind !== undefined) details.class = kind;
  return details;
}

function named(alertname: unknown, place: string | undefined): string | undefined {
  const name = textOf(alertname);
  if (name === undefined) return place === undefined ? undefined : `Alert on ${place}`;
  return place === undefined ? name : `${name} on ${place}`;
}

/** What an alert without a name and a text is known by. */
function labelsText(labels: Record<string, unknown>): string | undefined {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${textOf(value) ?? ''}`);
  return pairs.length === 0 ? undefined : `Alert of ${pairs.sort().join(', ')}`;
}

/** Alertmanager writes the zero time of Go for "not yet". */
function instant(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text.startsWith('0001-') || text.length > 64 ? undefined : text;
}

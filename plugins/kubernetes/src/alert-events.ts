import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { alertsSchema } from './kubernetes.schema.ts';
import type { Settings } from './settings.ts';

/** Words of a status that end an alert. A word that nobody knows opens: an alert is never lost for it. */
const OVER = /^(resolved|ok|normal|inactive)$/i;

/** One event for each alert; its state comes from its own status. */
export function alertEvents(message: z.infer<typeof alertsSchema>, settings: Settings): Reading[] {
  return message.alerts.map((alert): Reading => {
    const { labels } = alert;
    const annotations = alert.annotations ?? {};
    const cluster = firstText(labels.cluster, labels.cluster_name, settings.cluster);
    const place = firstText(labels.pod, labels.node, labels.instance, labels.deployment, labels.namespace);
    const name = textOf(labels.alertname);
    return eventOf({
      action: OVER.test(textOf(alert.status) ?? textOf(message.status) ?? '') ? 'resolve' : 'trigger',
      key: dedupKey('kubernetes', cluster ?? 'cluster', 'alert', textOf(alert.fingerprint) ?? sortedLabels(labels)),
      summary: [
        annotations.summary,
        annotations.title,
        annotations.message,
        annotations.description,
        name === undefined || place === undefined ? name : `${name} on ${place}`,
      ],
      source: [cluster, place, labels.job, 'Kubernetes'],
      severity: settings.severity(name, labels.severity),
      kind: name ?? 'alert',
      component: firstText(labels.service, labels.container, labels.deployment, labels.job),
      group: firstText(labels.namespace, cluster),
      timestamp: alert.startsAt,
      links: [
        [alert.generatorURL, 'Query'],
        [annotations.runbook_url, 'Runbook'],
        [message.externalURL, 'Alertmanager'],
      ],
      details: { labels, annotations },
    });
  });
}

const sortedLabels = (labels: Record<string, unknown>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

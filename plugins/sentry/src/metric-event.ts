import { dedupKey, firstText, textOf } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { eventOf } from './reading.ts';
import type { Reading } from './reading.ts';
import type { metricAlertSchema } from './sentry.schema.ts';

/** A metric alert: the action is its new state. */
export function metricEvent(message: z.infer<typeof metricAlertSchema>): Reading {
  const { metric_alert: alert } = message.data;
  const { action } = message;
  if (action !== 'critical' && action !== 'warning' && action !== 'resolved' && action !== 'open')
    return { ignored: `The action "${action.slice(0, 60)}" changes no incident` };
  const projects = (alert.projects ?? []).flatMap((project) => textOf(project) ?? []);
  const title = firstText(message.data.description_title, alert.title, alert.alert_rule?.name) ?? 'Metric alert';
  const text = textOf(message.data.description_text);
  return eventOf({
    action: action === 'resolved' ? 'resolve' : 'trigger',
    key: dedupKey('sentry', textOf(alert.organization_id) ?? 'organisation', 'metric', alert.id),
    summary: [text === undefined ? title : `${title}: ${text}`],
    source: [projects.join(', '), 'Sentry'],
    severity: action === 'critical' ? 'critical' : action === 'resolved' ? 'info' : 'warning',
    kind: 'metric_alert',
    component: alert.alert_rule?.name,
    group: projects.join(', '),
    timestamp: alert.date_started,
    links: [[message.data.web_url, 'Metric alert']],
    details: {
      action,
      aggregate: alert.alert_rule?.aggregate ?? null,
      query: alert.alert_rule?.query ?? null,
      projects,
    },
  });
}

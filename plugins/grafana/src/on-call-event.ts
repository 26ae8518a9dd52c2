import { dedupKey, detailsOf, eventOf, firstText, hostOf, looseFields, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { onCallSchema } from './on-call.schema.ts';
import type { Settings } from './settings.ts';

const STATES: Record<string, EventAction> = {
  firing: 'trigger',
  new: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

/** The event of an alert group of Grafana OnCall; who was paged and what was silenced changes no incident here. */
export function onCallEvent(
  message: z.infer<typeof onCallSchema>,
  settings: Settings,
): EventPayload | { ignored: string } {
  const { alert_group: group, integration, event } = message;
  const state = group.state.trim().toLowerCase();
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined) return { ignored: `The alert group is "${group.state.slice(0, 60)}"` };
  const page = group.permalinks?.web;
  const name = textOf(integration?.name);
  return eventOf({
    action,
    key: dedupKey('grafana', hostOf(page) ?? 'grafana', 'alert-group', group.id),
    summary: [group.title, name === undefined ? undefined : `Alert group of ${name}`],
    source: [name, hostOf(page), 'Grafana'],
    severity: settings.severity(looseFields(message.alert_payload, 3).text('labels.severity', 'severity')),
    kind: 'alert group',
    group: integration?.team,
    timestamp: firstText(event?.time, group.resolved_at, group.acknowledged_at, group.created_at),
    links: [[page, 'Alert group in Grafana']],
    details: detailsOf({
      event: event?.type ?? null,
      alerts: group.alerts_count ?? null,
      labels: group.labels ?? null,
      alert: message.alert_payload ?? null,
    }),
  });
}

import { dedupKey, detailsOf, eventOf, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { onCallSchema } from './on-call.schema.ts';
import type { Settings } from './settings.ts';

/** States of an alert group. A silenced one goes on, and nobody has taken it. */
const STATES: Record<string, EventAction> = {
  firing: 'trigger',
  new: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

/** True for an outgoing webhook of Grafana OnCall. */
export function isOnCall(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'alert_group' in body;
}

/** An alert group of Grafana OnCall: what happened to it stands in its state, whatever event the webhook is for. */
export function onCallEvent(message: z.infer<typeof onCallSchema>, settings: Settings): Reading {
  const { alert_group: group, integration } = message;
  const state = textOf(group.state)?.toLowerCase() ?? '';
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  const id = textOf(group.id) ?? textOf(message.alert_group_id);
  if (action === undefined || id === undefined)
    return { ignored: `The alert group's state is "${state.slice(0, 60)}", which changes no incident` };
  return eventOf({
    action,
    key: dedupKey('grafana', 'oncall', id),
    summary: [group.title, `Alert group ${id}`],
    source: [integration?.name, 'Grafana OnCall'],
    severity: settings.severity(group.severity),
    kind: 'alert group',
    component: integration?.name,
    timestamp: message.event?.time ?? group.created_at,
    links: [[group.permalinks?.web, 'Grafana OnCall']],
    details: detailsOf(message),
  });
}

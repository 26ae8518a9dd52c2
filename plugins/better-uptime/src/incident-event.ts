import { dedupKey, eventOf, firstText, hostOf, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { incidentSchema } from './incident.schema.ts';

type Message = z.infer<typeof incidentSchema>;

const ACTIONS = new Map<string, EventAction>([
  ['started', 'trigger'],
  ['reopened', 'trigger'],
  ['unacknowledged', 'trigger'],
  ['acknowledged', 'acknowledge'],
  ['resolved', 'resolve'],
]);

export function incidentEvent(message: Message, severity: Severity): Reading {
  const { id, attributes, relationships } = message.data;
  const state = stateOf(message);
  const action = ACTIONS.get(state);
  if (action === undefined) return { ignored: `The event "${state.slice(0, 60)}" changes no incident` };
  const name = firstText(attributes.name, hostOf(attributes.url)) ?? `Incident ${id}`;
  const cause = textOf(attributes.cause);
  return eventOf({
    action,
    key: dedupKey('better-uptime', id),
    summary: [cause === undefined ? name : `${name}: ${cause}`],
    source: [hostOf(attributes.url), attributes.url, name],
    severity,
    kind: 'incident',
    component: name,
    group: attributes.team_name,
    timestamp: action === 'resolve' ? (attributes.resolved_at ?? attributes.started_at) : attributes.started_at,
    links: [
      [attributes.incident_url, 'Incident in Better Stack'],
      [attributes.origin_url, 'Origin'],
      [attributes.url, 'What is checked'],
      [attributes.response_url, 'Response'],
    ],
    image: attributes.screenshot_url,
    details: {
      state,
      cause: cause ?? null,
      http_method: attributes.http_method ?? null,
      regions: attributes.regions ?? [],
      monitor: relationships?.monitor?.data?.id ?? null,
      heartbeat: relationships?.heartbeat?.data?.id ?? null,
      acknowledged_by: attributes.acknowledged_by ?? null,
      resolved_by: attributes.resolved_by ?? null,
    },
  });
}

/** Older webhooks have no event; there, the times that the incident was acknowledged and resolved at say its state. */
function stateOf({ event, data }: Message): string {
  const { status, resolved_at: resolvedAt, acknowledged_at: acknowledgedAt } = data.attributes;
  const named = firstText(event, status);
  if (named !== undefined) return named.toLowerCase();
  if (textOf(resolvedAt) !== undefined) return 'resolved';
  return textOf(acknowledgedAt) === undefined ? 'started' : 'acknowledged';
}

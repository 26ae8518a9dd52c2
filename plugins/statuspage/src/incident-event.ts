import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { pageOf, statusWord } from './reading.ts';
import type { Settings } from './reading.ts';
import type { incidentSchema, maintenanceSchema } from './statuspage.schema.ts';

type Message = z.infer<typeof incidentSchema>;
type Notice = Message['incident'];

const INCIDENT_ACTIONS = new Map<string, EventAction>([
  ['investigating', 'trigger'],
  ['identified', 'trigger'],
  ['monitoring', 'trigger'],
  ['resolved', 'resolve'],
  ['postmortem', 'resolve'],
]);
const MAINTENANCE_ACTIONS = new Map<string, EventAction>([
  ['inprogress', 'trigger'],
  ['verifying', 'trigger'],
  ['completed', 'resolve'],
]);
const PLANNED = new Set(['scheduled', 'notstartedyet', ...MAINTENANCE_ACTIONS.keys()]);
const IMPACTS = new Map<string, Severity>([
  ['critical', 'critical'],
  ['major', 'error'],
  ['minor', 'warning'],
  // Instatus writes the state of the worst component.
  ['majoroutage', 'critical'],
  ['partialoutage', 'error'],
  ['minoroutage', 'warning'],
  ['degradedperformance', 'warning'],
]);

export function incidentEvent(message: Message, settings: Settings): Reading {
  const { incident } = message;
  const status = statusWord(incident.status);
  if (PLANNED.has(status)) return plannedEvent(message, incident, settings);
  const action = INCIDENT_ACTIONS.get(status);
  if (action === undefined) return { ignored: `The incident's status is "${incident.status.slice(0, 60)}"` };
  return noticeEvent(message, incident, action, IMPACTS.get(statusWord(incident.impact)) ?? 'info', 'incident');
}

export function maintenanceEvent(message: z.infer<typeof maintenanceSchema>, settings: Settings): Reading {
  return plannedEvent(message, message.maintenance, settings);
}

/** Planned work is a message of the same shape as an incident. */
function plannedEvent(origin: Pick<Message, 'meta' | 'page'>, notice: Notice, settings: Settings): Reading {
  const action = MAINTENANCE_ACTIONS.get(statusWord(notice.status));
  if (action === undefined || !settings.maintenance) return { ignored: 'Planned maintenance is no alert' };
  return noticeEvent(origin, notice, action, 'info', 'maintenance');
}

function noticeEvent(
  origin: Pick<Message, 'meta' | 'page'>,
  notice: Notice,
  action: EventAction,
  severity: Severity,
  kind: string,
): Reading {
  const page = pageOf(origin);
  const name = textOf(notice.name) ?? `${kind} ${notice.id}`;
  const latest = notice.incident_updates?.[0];
  return eventOf({
    action,
    key: dedupKey('statuspage', page.id, kind, notice.id),
    summary: [`${page.name}: ${name} (${notice.status.replaceAll('_', ' ').toLowerCase()})`],
    source: [page.name],
    severity,
    kind,
    component: (notice.components ?? []).flatMap(({ name: component }) => textOf(component) ?? []).join(', '),
    group: page.name,
    timestamp: action === 'resolve' ? firstText(notice.resolved_at, notice.updated_at) : notice.created_at,
    links: [
      [notice.shortlink, name],
      [notice.url, name],
      [page.url, page.name],
    ],
    details: {
      status: notice.status,
      impact: notice.impact ?? null,
      update: textOf(latest?.body)?.slice(0, 4000) ?? null,
      components: (notice.components ?? [])
        .slice(0, 50)
        .map((component) => ({ name: component.name ?? null, status: component.status ?? null })),
    },
  });
}

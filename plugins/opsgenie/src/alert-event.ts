import { dedupKey, detailsOf, eventOf, firstText, redactText, textOf, webUrl } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { alertSchema } from './opsgenie.schema.ts';

const ACTIONS = new Map<string, EventAction>([
  ['create', 'trigger'],
  ['unacknowledge', 'trigger'],
  ['acknowledge', 'acknowledge'],
  ['close', 'resolve'],
  ['delete', 'resolve'],
]);

/** What an action does to an incident; undefined for notes, tags, owners and the like. */
export function alertAction(action: string): EventAction | undefined {
  return ACTIONS.get(action.trim().toLowerCase());
}

/**
 * The event of an alert. An alias is used again by the next alert of its kind, while the alert's id is the same from its
 * creation to its end.
 */
export function alertEvent(
  action: EventAction,
  { alert }: z.infer<typeof alertSchema>,
  severity: (priority: unknown) => Severity,
  site: unknown,
): EventPayload {
  const id = String(alert.alertId);
  const description = textOf(alert.description);
  return eventOf({
    action,
    key: dedupKey('opsgenie', id),
    summary: [alert.message, description, `Alert ${id}`],
    source: [alert.entity, alert.source, 'Opsgenie'],
    severity: severity(priorityOf(alert.priority)),
    kind: 'alert',
    component: alert.entity,
    timestamp: alert.createdAt,
    links: [[alertPage(site, id), 'Alert in Opsgenie']],
    details: {
      alias: alert.alias ?? null,
      number: alert.tinyId ?? null,
      priority: alert.priority ?? null,
      description: description === undefined ? null : redactText(description),
      tags: (alert.tags ?? []).slice(0, 50),
      by: firstText(alert.username) ?? null,
      ...(alert.details === undefined || alert.details === null ? {} : { details: detailsOf(alert.details) }),
    },
  });
}

/** Some senders leave the letter out. */
function priorityOf(priority: unknown): string | undefined {
  const text = textOf(priority);
  return text !== undefined && /^[1-5]$/.test(text) ? `P${text}` : text;
}

function alertPage(site: unknown, id: string): string | undefined {
  const base = webUrl(site)?.replace(/\/+$/, '');
  return base === undefined || !/^[\w-]{1,100}$/.test(id) ? undefined : `${base}/alert/detail/${id}/details`;
}

import type { Change, ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import type { IncidentState } from './fold.ts';
import { timeOfOrder, type KeyedEvent } from './keyed-event.ts';

/**
 * A change of an incident as subscribers get it.
 *
 * @param number the incident's number
 * @param cause the event that made the change
 */
export function incidentChange(
  id: string,
  type: ChangeType,
  incident: IncidentState,
  number: number,
  cause: KeyedEvent,
  publicUrl: string,
): Change {
  const { acknowledgedAt, resolvedAt } = incident;
  return {
    id,
    type,
    occurredAt: timeOfOrder(cause.order),
    incident: {
      id: incident.id,
      number,
      status: incident.status,
      severity: incident.severity,
      summary: incident.summary,
      source: incident.source,
      dedupKey: cause.dedupKey,
      environment: cause.environment,
      integrationType: cause.type,
      service: { id: cause.serviceId, name: cause.serviceName },
      openedAt: timeOfOrder(incident.openedAt),
      acknowledgedAt: acknowledgedAt === null ? null : timeOfOrder(acknowledgedAt),
      resolvedAt: resolvedAt === null ? null : timeOfOrder(resolvedAt),
      eventCount: incident.eventCount,
      url: `${publicUrl}/incidents/${incident.id}`,
      links: incident.links.map((link) =>
        link.text === undefined ? { href: link.href } : { href: link.href, text: link.text },
      ),
      customDetails: { ...incident.customDetails },
    },
  };
}

import { dedupKey, detailsOf, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { activityLogSchema } from './azure.schema.ts';
import { portalLink, resourceOf } from './conditions.ts';
import type { Settings } from './settings.ts';

type ActivityLog = z.infer<typeof activityLogSchema>;

/**
 * Service Health and Resource Health report one problem over several events, each of which fires an alert of its own:
 * only the event says that the problem is over, and only its tracking id or resource stays the same.
 */
export function healthOf(event: ActivityLog): { key: string; over: boolean; title: string | undefined } | undefined {
  const properties = event.properties ?? {};
  const tracking = textOf(properties.trackingId);
  const health = textOf(properties.currentHealthStatus);
  const over = textOf(event.status)?.toLowerCase() === 'resolved';
  if (tracking !== undefined)
    return {
      key: dedupKey('azure', textOf(event.subscriptionId) ?? 'subscription', 'service-health', tracking),
      over,
      title: textOf(properties.title),
    };
  const resource = textOf(event.resourceId);
  if (health === undefined || resource === undefined) return undefined;
  return {
    key: dedupKey('azure', resource.toLowerCase(), 'resource-health'),
    over: over || health.toLowerCase() === 'available',
    title: textOf(properties.title),
  };
}

/** An alert on the activity log, which never says by itself that something is over. */
export function activityLogEvent(event: ActivityLog, settings: Settings): EventPayload {
  const health = healthOf(event);
  const properties = event.properties ?? {};
  const operation = textOf(event.operationName) ?? 'operation';
  const resource = resourceOf(event.resourceId);
  const what = firstText(properties.title, properties.recommendationName, event.description, operation) ?? operation;
  const place = firstText(properties.compromisedEntity, resource.name, properties.service);
  const status = textOf(event.status);
  const scope = firstText(event.resourceId, event.subscriptionId) ?? 'subscription';
  return eventOf({
    action: health?.over === true ? 'resolve' : 'trigger',
    key: health?.key ?? dedupKey('azure', scope.toLowerCase(), operation),
    summary: [`${what}${place === undefined ? '' : ` (${place})`}${status === undefined ? '' : `: ${status}`}`],
    source: [place, resource.group, properties.region, event.subscriptionId, 'Azure activity log'],
    severity: eventSeverity(event, settings),
    kind: textOf(event.eventSource) ?? 'activity log',
    component: place,
    group: firstText(resource.group, properties.region),
    timestamp: event.eventTimestamp,
    links: [
      [properties.recommendationResourceLink, 'Recommendation'],
      [portalLink(event.resourceId), place ?? 'Resource'],
    ],
    details: detailsOf({
      operationName: operation,
      status: status ?? null,
      level: event.level ?? null,
      description: event.description ?? null,
      properties,
    }),
  });
}

/** A security finding says how bad it is itself; the level of its event is that of the log. */
function eventSeverity(event: ActivityLog, settings: Settings): Severity {
  const found = textOf(event.properties?.severity);
  return found !== undefined && event.eventSource === 'Security'
    ? settings.severity(found)
    : settings.level(event.level);
}

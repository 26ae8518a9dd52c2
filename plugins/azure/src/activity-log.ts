import { dedupKey, detailsOf, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { activityLogSchema } from './azure.schema.ts';
import { portalLink, resourceOf } from './conditions.ts';
import type { Settings } from './settings.ts';

type ActivityLog = z.infer<typeof activityLogSchema>;

/** What a problem of Azure's own is known by, and whether it is over. */
export interface Health {
  key: string;
  over: boolean;
  title: string | undefined;
}

type Properties = Extract<ActivityLog['properties'], object>;

const propertiesOf = ({ properties }: ActivityLog): Properties =>
  typeof properties === 'object' && properties !== null ? properties : {};

/** Statuses and stages with which Service Health ends an event; what is written of it afterwards (RCA) opens nothing. */
const ENDS = new Set(['resolved', 'complete', 'completed', 'canceled', 'cancelled', 'rca']);

/**
 * Service Health and Resource Health report one problem over several events, each of which fires an alert of its own:
 * only the event says that the problem is over, and only its tracking id or resource stays the same.
 */
export function healthOf(event: ActivityLog, target?: unknown): Health | undefined {
  const properties = propertiesOf(event);
  const tracking = textOf(properties.trackingId);
  const health = textOf(properties.currentHealthStatus);
  const over = [event.status, properties.stage].some((word) => ENDS.has(textOf(word)?.toLowerCase() ?? ''));
  // The common schema leaves the resource of the event out: the alert's target says the same.
  const resource = firstText(event.resourceId, target);
  if (tracking !== undefined) {
    const subscription = textOf(event.subscriptionId) ?? /^\/subscriptions\/([^/]{1,100})/i.exec(resource ?? '')?.[1];
    return {
      key: dedupKey('azure', subscription ?? 'subscription', 'service-health', tracking),
      over,
      title: textOf(properties.title),
    };
  }
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
  const properties = propertiesOf(event);
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
      properties: event.properties ?? {},
    }),
  });
}

/** A security finding says how bad it is itself; the level of its event is that of the log. */
function eventSeverity(event: ActivityLog, settings: Settings): Severity {
  const found = textOf(propertiesOf(event).severity);
  return found !== undefined && event.eventSource === 'Security'
    ? settings.severity(found)
    : settings.level(event.level);
}

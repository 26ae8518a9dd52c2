import { dedupKey, detailsOf, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { metricAlertSchema } from './azure.schema.ts';
import { sentence } from './common-alert.ts';
import { conditionText, dimensionsKey, portalLink, resourceOf } from './conditions.ts';
import type { Settings } from './settings.ts';

const STATES: Record<string, EventAction> = {
  activated: 'trigger',
  fired: 'trigger',
  deactivated: 'resolve',
  resolved: 'resolve',
};

/** A metric alert of the schemas before the common one, classic rules included. */
export function metricAlertEvent(
  { status, context, properties }: z.infer<typeof metricAlertSchema>,
  settings: Settings,
): EventPayload | { ignored: string } {
  const state = status.trim().toLowerCase();
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined)
    return { ignored: `The alert's status "${status.slice(0, 60)}" neither opens nor closes it` };
  const { condition } = context;
  const criteria = condition?.allOf ?? (condition === null || condition === undefined ? [] : [condition]);
  const resource = resourceOf(context.resourceId);
  const place = firstText(context.resourceName, resource.name);
  const rule = firstText(context.name, context.id);
  const id = firstText(context.id, context.name) ?? 'rule';
  return eventOf({
    action,
    key: dedupKey(
      'azure',
      id.toLowerCase(),
      (textOf(context.resourceId) ?? place ?? 'resource').toLowerCase(),
      ...dimensionsKey(...criteria.map(({ dimensions }) => dimensions)),
    ),
    summary: [
      sentence(rule, firstText(conditionText(criteria), condition?.failureDetails, context.description), place),
    ],
    source: [place, context.resourceGroupName, 'Azure Monitor'],
    severity: settings.severity(context.severity),
    kind: 'metric alert',
    component: place,
    group: firstText(context.resourceGroupName, resource.group),
    timestamp: context.timestamp,
    links: [
      [context.portalLink, place ?? 'Resource'],
      [portalLink(context.resourceId), place ?? 'Resource'],
    ],
    details: detailsOf({ status, description: context.description ?? null, condition: condition ?? null, properties }),
  });
}

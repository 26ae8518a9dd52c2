import { dedupKey, detailsOf, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { activityLogSchema, alertContextSchema, commonAlertSchema } from './azure.schema.ts';
import { healthOf } from './activity-log.ts';
import { conditionText, dimensionValues, portalLink, resourceOf } from './conditions.ts';
import type { Settings } from './settings.ts';

type Common = z.infer<typeof commonAlertSchema>['data'];

/** What the context is, as far as it could be read. */
export interface Context {
  alert: z.infer<typeof alertContextSchema> | undefined;
  activity: z.infer<typeof activityLogSchema> | undefined;
}

/** An alert of the common schema. Its id stays the same from fired to resolved. */
export function commonAlertEvent({ essentials, ...rest }: Common, context: Context, settings: Settings): EventPayload {
  const health =
    context.activity === undefined ? undefined : healthOf(context.activity, essentials.alertTargetIDs?.[0]);
  const resolved = essentials.monitorCondition?.trim().toLowerCase() === 'resolved' || health?.over === true;
  const target = essentials.alertTargetIDs?.[0];
  const resource = resourceOf(target);
  const rule = firstText(essentials.alertRule, context.activity?.operationName, essentials.monitoringService);
  const what = firstText(
    health?.title,
    conditionText(context.alert?.condition?.allOf),
    context.alert?.annotations?.summary,
    context.alert?.annotations?.description,
    context.alert?.DetectionSummary,
    resultsText(context.alert),
    budgetText(context.alert),
    essentials.description,
    operationText(context.activity),
  );
  const place = firstText(
    essentials.configurationItems?.[0],
    context.alert?.AffectedConfigurationItems?.[0],
    resource.name,
  );
  const split = dimensionValues(context.alert?.condition?.allOf?.[0]?.dimensions, context.alert?.Dimensions);
  return eventOf({
    action: resolved ? 'resolve' : 'trigger',
    key: health?.key ?? alertKey(essentials),
    summary: [sentence(sentence(rule, what, place), undefined, split)],
    source: [place, resource.group, essentials.monitoringService, 'Azure Monitor'],
    severity:
      textOf(essentials.severity) === undefined && context.activity !== undefined
        ? settings.level(context.activity.level)
        : settings.severity(essentials.severity),
    kind: firstText(essentials.monitoringService, essentials.signalType) ?? 'common alert',
    component: place,
    group: resource.group,
    timestamp: resolved ? (textOf(essentials.resolvedDateTime) ?? essentials.firedDateTime) : essentials.firedDateTime,
    links: [
      [essentials.investigationLink, 'Investigate'],
      [context.alert?.condition?.allOf?.[0]?.linkToFilteredSearchResultsUI, 'Search results'],
      [context.alert?.LinkToFilteredSearchResultsUI, 'Search results'],
      [context.alert?.condition?.allOf?.[0]?.linkToSearchResultsUI, 'Search'],
      [context.alert?.LinkToSearchResults, 'Search'],
      [portalLink(target), place ?? 'Resource'],
    ],
    details: detailsOf({ ...rest, description: essentials.description ?? null, severity: essentials.severity ?? null }),
  });
}

/** What a log search of the first version found. */
function resultsText(alert: Context['alert']): string | undefined {
  const count = textOf(alert?.ResultCount);
  const limit = [alert?.Operator, alert?.Threshold].flatMap((part) => textOf(part) ?? []).join(' ');
  return count === undefined ? undefined : `${count} results${limit === '' ? '' : ` (${limit})`}`;
}

/** Without an id, which every version has had so far, the rule and what it looks at are as close as one comes. */
function alertKey({ alertId, originAlertId, alertRuleID, alertRule, alertTargetIDs }: Common['essentials']): string {
  const id = firstText(alertId, originAlertId)?.toLowerCase();
  if (id !== undefined) return dedupKey('azure', id);
  const rule = firstText(alertRuleID, alertRule) ?? 'alert';
  return dedupKey('azure', rule.toLowerCase(), firstText(alertTargetIDs?.[0])?.toLowerCase() ?? '');
}

/** `Budget shop: $123.88 of $50.00 spent`. */
function budgetText(alert: Context['alert']): string | undefined {
  const { BudgetName: name, SpentAmount, SpendingAmount, BudgetThreshold: budget } = alert?.AlertData ?? {};
  const [budgetName, amount] = [textOf(name), firstText(SpentAmount, SpendingAmount)];
  if (budgetName === undefined || amount === undefined) return undefined;
  return `Budget ${budgetName}: ${amount}${textOf(budget) === undefined ? '' : ` of ${textOf(budget)}`} spent`;
}

/** What was done, for an alert on the activity log whose rule says nothing about itself. */
function operationText(activity: Context['activity']): string | undefined {
  const operation = textOf(activity?.operationName);
  const status = textOf(activity?.status);
  return operation === undefined || status === undefined ? operation : `${operation} ${status}`;
}

/** `rule: what happened (place)`, without what is missing or said already. */
export function sentence(rule: string | undefined, what: string | undefined, place: string | undefined): string {
  const text = rule === undefined ? (what ?? 'Azure alert') : what === undefined ? rule : `${rule}: ${what}`;
  return place === undefined || text.includes(place) ? text : `${text} (${place})`;
}

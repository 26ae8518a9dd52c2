import { dedupKey, detailsOf, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { budgetSchema, logAlertSchema } from './azure.schema.ts';
import { dimensionsKey, resourceOf } from './conditions.ts';
import type { Settings } from './settings.ts';

/** A log search alert of the first version: it fires and never says that it is over. */
export function logAlertEvent(alert: z.infer<typeof logAlertSchema>, settings: Settings): EventPayload {
  const place = firstText(alert.AffectedConfigurationItems?.[0], alert.Dimensions?.[0]?.value);
  const count = textOf(alert.ResultCount);
  const threshold = [textOf(alert.AlertThresholdOperator), textOf(alert.AlertThresholdValue)].join(' ').trim();
  const found = count === undefined ? '' : `: ${count} results${threshold === '' ? '' : ` (${threshold})`}`;
  return eventOf({
    action: 'trigger',
    key: dedupKey(
      'azure',
      textOf(alert.SubscriptionId) ?? 'subscription',
      firstText(alert.WorkspaceId, alert.ApplicationId) ?? 'workspace',
      alert.AlertRuleName,
      ...dimensionsKey(alert.Dimensions),
    ),
    summary: [`${alert.AlertRuleName}${found}${place === undefined ? '' : ` (${place})`}`],
    source: [place, resourceOf(alert.ResourceId).name, alert.WorkspaceId, alert.ApplicationId, 'Azure Monitor'],
    severity: settings.severity(alert.Severity),
    kind: 'log alert',
    component: place,
    group: resourceOf(alert.ResourceId).group,
    timestamp: alert.SearchIntervalEndtimeUtc,
    links: [
      [alert.LinkToFilteredSearchResultsUI, 'Search results'],
      [alert.LinkToSearchResults, 'Search'],
    ],
    details: detailsOf({
      query: alert.SearchQuery ?? null,
      description: alert.Description ?? null,
      dimensions: alert.Dimensions ?? [],
    }),
  });
}

/** A budget whose threshold was passed; the next period begins with a budget of the same name. */
export function budgetEvent(budget: z.infer<typeof budgetSchema>, settings: Settings): EventPayload {
  const unit = textOf(budget.Unit) ?? '';
  const place = firstText(budget.ResourceGroup, budget.SubscriptionName, budget.SubscriptionId);
  const spent = textOf(budget.SpendingAmount) ?? '?';
  return eventOf({
    action: 'trigger',
    key: dedupKey(
      'azure',
      textOf(budget.SubscriptionId) ?? 'subscription',
      'budget',
      textOf(budget.ResourceGroup) ?? '',
      budget.BudgetName,
    ),
    summary: [`Budget ${budget.BudgetName}: ${spent} ${unit} of ${textOf(budget.Budget) ?? '?'} ${unit} spent`],
    source: [place, 'Azure budgets'],
    severity: settings.severity(undefined),
    kind: 'budget',
    component: budget.BudgetName,
    group: place,
    links: [],
    details: detailsOf(budget),
  });
}

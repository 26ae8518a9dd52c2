import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const texts = z.array(scalar).nullish();
const dimensions = z.array(z.looseObject({ name: scalar.optional(), value: scalar.optional() })).nullish();
const criteria = z
  .array(
    z.looseObject({
      metricName: scalar.optional(),
      metricMeasureColumn: scalar.optional(),
      timeAggregation: scalar.optional(),
      operator: scalar.optional(),
      threshold: scalar.optional(),
      metricValue: scalar.optional(),
      webTestName: scalar.optional(),
      dimensions,
      linkToFilteredSearchResultsUI: scalar.optional(),
      linkToSearchResultsUI: scalar.optional(),
    }),
  )
  .nullish();

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema */
export const commonAlertSchema = z.looseObject({
  data: z.looseObject({
    essentials: z.looseObject({
      alertId: scalar.optional(),
      originAlertId: scalar.optional(),
      alertRuleID: scalar.optional(),
      alertRule: scalar.optional(),
      severity: scalar.optional(),
      signalType: scalar.optional(),
      // Cost alerts, which never resolve, have none.
      monitorCondition: z.string().nullable(),
      monitoringService: scalar.optional(),
      alertTargetIDs: texts,
      configurationItems: texts,
      firedDateTime: scalar.optional(),
      resolvedDateTime: scalar.optional(),
      description: scalar.optional(),
      investigationLink: scalar.optional(),
    }),
    alertContext: z.unknown().optional(),
    customProperties: z.unknown().optional(),
  }),
});

/** What the context of a common alert may hold; every kind of rule has its own. */
export const alertContextSchema = z.looseObject({
  condition: z.looseObject({ allOf: criteria }).nullish(),
  LinkToFilteredSearchResultsUI: scalar.optional(),
  LinkToSearchResults: scalar.optional(),
  Dimensions: dimensions,
  AffectedConfigurationItems: texts,
  ResultCount: scalar.optional(),
  Operator: scalar.optional(),
  Threshold: scalar.optional(),
  // Smart detection.
  DetectionSummary: scalar.optional(),
  labels: z.record(z.string(), z.unknown()).nullish(),
  annotations: z.record(z.string(), z.unknown()).nullish(),
  AlertData: z
    .looseObject({
      BudgetName: scalar.optional(),
      SpentAmount: scalar.optional(),
      SpendingAmount: scalar.optional(),
      BudgetThreshold: scalar.optional(),
    })
    .nullish(),
});

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-non-common-schema-definitions#metric-alerts */
export const metricAlertSchema = z.looseObject({
  status: z.string(),
  context: z.looseObject({
    id: scalar.optional(),
    name: scalar.optional(),
    description: scalar.optional(),
    severity: scalar.optional(),
    timestamp: scalar.optional(),
    conditionType: scalar.optional(),
    // Classic rules have one condition, newer ones a list.
    condition: z
      .looseObject({
        allOf: criteria,
        metricName: scalar.optional(),
        operator: scalar.optional(),
        threshold: scalar.optional(),
        metricValue: scalar.optional(),
        webTestName: scalar.optional(),
        failureDetails: scalar.optional(),
        dimensions,
      })
      .nullish(),
    subscriptionId: scalar.optional(),
    resourceGroupName: scalar.optional(),
    resourceName: scalar.optional(),
    resourceType: scalar.optional(),
    resourceId: scalar.optional(),
    portalLink: scalar.optional(),
  }),
  properties: z.unknown().optional(),
});

/** https://learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts-webhook */
export const activityLogSchema = z.looseObject({
  channels: scalar.optional(),
  description: scalar.optional(),
  eventSource: scalar.optional(),
  eventTimestamp: scalar.optional(),
  level: scalar.optional(),
  operationName: scalar.optional(),
  resourceId: scalar.optional(),
  status: scalar.optional(),
  subscriptionId: scalar.optional(),
  // Some resource providers write their properties as text, which says nothing that is looked for here.
  properties: z
    .union([
      scalar,
      z.looseObject({
        title: scalar.optional(),
        service: scalar.optional(),
        region: scalar.optional(),
        trackingId: scalar.optional(),
        stage: scalar.optional(),
        incidentType: scalar.optional(),
        currentHealthStatus: scalar.optional(),
        severity: scalar.optional(),
        compromisedEntity: scalar.optional(),
        recommendationName: scalar.optional(),
        recommendationResourceLink: scalar.optional(),
      }),
    ])
    .optional(),
});
export const activityLogAlertSchema = z.looseObject({
  status: scalar.optional(),
  context: z.looseObject({ activityLog: activityLogSchema }),
});

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-log-webhook */
export const logAlertSchema = z.looseObject({
  AlertRuleName: z.string(),
  SubscriptionId: scalar.optional(),
  WorkspaceId: scalar.optional(),
  ApplicationId: scalar.optional(),
  ResourceId: scalar.optional(),
  Description: scalar.optional(),
  Severity: scalar.optional(),
  ResultCount: scalar.optional(),
  SearchQuery: scalar.optional(),
  AlertThresholdOperator: scalar.optional(),
  AlertThresholdValue: scalar.optional(),
  AffectedConfigurationItems: texts,
  Dimensions: dimensions,
  SearchIntervalEndtimeUtc: scalar.optional(),
  LinkToSearchResults: scalar.optional(),
  LinkToFilteredSearchResultsUI: scalar.optional(),
});

/** https://learn.microsoft.com/azure/cost-management-billing/costs/cost-mgt-alerts-monitor-usage-spending */
export const budgetSchema = z.looseObject({
  BudgetName: z.string(),
  SubscriptionName: scalar.optional(),
  SubscriptionId: scalar.optional(),
  ResourceGroup: scalar.optional(),
  SpendingAmount: scalar.optional(),
  Budget: scalar.optional(),
  Unit: scalar.optional(),
  NotificationThresholdAmount: scalar.optional(),
});

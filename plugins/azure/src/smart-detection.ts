type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What smart detection of Application Insights sends without the common schema, as an alert of the common schema: the
 * alert of Azure's own interface, whose id stays the same too.
 * https://learn.microsoft.com/azure/azure-monitor/alerts/proactive-failure-diagnostics
 */
export function smartDetectionAsCommon(message: unknown): Fields | undefined {
  if (!isObject(message) || !isObject(message.properties)) return undefined;
  const { essentials, context } = message.properties;
  if (!isObject(essentials)) return undefined;
  return {
    data: {
      essentials: {
        alertId: message.id,
        alertRuleID: essentials.alertRule,
        alertRule: message.name,
        severity: essentials.severity,
        signalType: essentials.signalType,
        monitorCondition: essentials.monitorCondition,
        monitoringService: essentials.monitorService,
        alertTargetIDs: [essentials.targetResource],
        configurationItems: [essentials.targetResourceName],
        firedDateTime: essentials.startDateTime,
        resolvedDateTime: essentials.monitorConditionResolvedDateTime,
        description: essentials.description,
      },
      alertContext: context,
    },
  };
}

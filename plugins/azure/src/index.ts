import { defineIntegration, ingestedFrom } from '@patchbay/plugin-sdk';
import type { IngestRequest, MessageReading } from '@patchbay/plugin-sdk';
import { activityLogEvent } from './activity-log.ts';
import {
  activityLogAlertSchema,
  activityLogSchema,
  alertContextSchema,
  budgetSchema,
  commonAlertSchema,
  logAlertSchema,
  metricAlertSchema,
} from './azure.schema.ts';
import { commonAlertEvent } from './common-alert.ts';
import { budgetEvent, logAlertEvent } from './log-alert.ts';
import { metricAlertEvent } from './metric-alert.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { smartDetectionAsCommon } from './smart-detection.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const body = request.json();
    const messages: unknown[] = Array.isArray(body) ? body : [body];
    return ingestedFrom(
      messages.map((message) => readMessage(message, request, settings)),
      request,
      'The list of alerts is empty',
    );
  },
});

const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
const holds = (value: unknown, name: string): boolean => partOf(value, name) !== undefined;

/** Azure names its schemas, but not all of them and not all alike; what a message holds tells them apart. */
function readMessage(message: unknown, request: IngestRequest, settings: Settings): MessageReading {
  const smart = smartDetectionAsCommon(message);
  if (smart !== undefined) return readCommon(smart, request, settings);
  const data = partOf(message, 'data') ?? message;
  if (holds(data, 'essentials')) return readCommon(message, request, settings);
  if (holds(partOf(data, 'context'), 'activityLog'))
    return activityLogEvent(request.parse(activityLogAlertSchema, data).context.activityLog, settings);
  if (holds(data, 'BudgetName')) return budgetEvent(request.parse(budgetSchema, data), settings);
  if (holds(data, 'AlertRuleName')) return logAlertEvent(request.parse(logAlertSchema, data), settings);
  if (holds(data, 'operation') && holds(data, 'context')) return { ignored: 'A scaling operation is no alert' };
  if (holds(data, 'status') && holds(data, 'context'))
    return metricAlertEvent(request.parse(metricAlertSchema, data), settings);
  return readCommon(message, request, settings);
}

function readCommon(message: unknown, request: IngestRequest, settings: Settings): MessageReading {
  const { data } = request.parse(commonAlertSchema, message);
  const alert = request.safeParse(alertContextSchema, data.alertContext ?? {});
  const isActivity = ['eventSource', 'operationName', 'properties'].some((name) => holds(data.alertContext, name));
  const activity = isActivity ? request.safeParse(activityLogSchema, data.alertContext) : undefined;
  return commonAlertEvent(
    data,
    {
      alert: alert.success ? alert.data : undefined,
      activity: activity?.success === true ? activity.data : undefined,
    },
    settings,
  );
}

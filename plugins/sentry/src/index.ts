import { defineIntegration, ignored, invalid, severityReader } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';
import { activityEvent, alertEvent, errorEvent, issueEvent, serviceHookEvent } from './issue-events.ts';
import { legacyEvent } from './legacy-event.ts';
import { metricEvent } from './metric-event.ts';
import type { Reading, Settings } from './reading.ts';
import { resourceOf } from './resource.ts';
import {
  activityAlertSchema,
  errorSchema,
  eventAlertSchema,
  issueSchema,
  legacySchema,
  metricAlertSchema,
  serviceHookSchema,
} from './sentry.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const resource = resourceOf(request.header('sentry-hook-resource'), request.json());
    if (resource === undefined)
      return invalid('This is no webhook of Sentry: it has no Sentry-Hook-Resource header and no known shape');
    const reading = readMessage(resource, request, {
      severity: severityReader(configuration, 'error'),
      archived: archivedSetting(configuration.archived),
    });
    return 'ignored' in reading ? ignored(reading.ignored) : [reading];
  },
});

function readMessage(resource: string, request: IngestRequest, settings: Settings): Reading {
  switch (resource) {
    case 'issue':
      return issueEvent(request.parse(issueSchema), settings);
    case 'activity_alert':
      return activityEvent(request.parse(activityAlertSchema), settings);
    case 'event_alert':
      return alertEvent(request.parse(eventAlertSchema), settings);
    case 'error':
      return errorEvent(request.parse(errorSchema), settings);
    case 'metric_alert':
      return metricEvent(request.parse(metricAlertSchema));
    case 'service_hook':
      return serviceHookEvent(request.parse(serviceHookSchema), settings);
    case 'legacy':
      return legacyEvent(request.parse(legacySchema), settings);
    case 'installation':
      return { ignored: 'The integration was installed or removed in Sentry' };
    default:
      return { ignored: `"${resource.slice(0, 60)}" messages are no alerts` };
  }
}

function archivedSetting(setting: unknown): Settings['archived'] {
  return setting === 'acknowledge' || setting === 'ignore' ? setting : 'resolve';
}

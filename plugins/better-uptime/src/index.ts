import { defineIntegration, ignored, severityOf } from '@patchbay/plugin-sdk';
import { incidentEvent } from './incident-event.ts';
import { incidentSchema, resourceSchema } from './incident.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    if (isLogLine(request.json()))
      return ignored('A line of the incident log is no alert: set up an outgoing webhook for incidents');
    const { data } = request.parse(resourceSchema);
    if (data.type !== 'incident')
      return ignored(`The message is about a ${data.type.slice(0, 60)}, not about an incident`);
    const severity = severityOf(configuration.defaultSeverity) ?? 'critical';
    const reading = incidentEvent(request.parse(incidentSchema), severity);
    return 'ignored' in reading ? ignored(reading.ignored) : reading;
  },
});

/** The incident log, which tells of every check: https://betterstack.com/docs/uptime/api/reporting/ */
function isLogLine(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('data' in body) && 'dt' in body && 'event' in body;
}

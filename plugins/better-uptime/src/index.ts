import { defineIntegration, ignored, severityOf } from '@patchbay/plugin-sdk';
import { incidentEvent } from './incident-event.ts';
import { incidentSchema, resourceSchema } from './incident.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const { data } = request.parse(resourceSchema);
    if (data.type !== 'incident')
      return ignored(`The message is about a ${data.type.slice(0, 60)}, not about an incident`);
    const severity = severityOf(configuration.defaultSeverity) ?? 'critical';
    const reading = incidentEvent(request.parse(incidentSchema), severity);
    return 'ignored' in reading ? ignored(reading.ignored) : reading;
  },
});

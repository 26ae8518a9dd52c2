import { defineIntegration, readMapping, readMessages, severityReader } from '@patchbay/plugin-sdk';
import { violationEvent } from './violation-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const severities = {
      error: 'critical',
      warn: 'warning',
      info: 'info',
      ...(Object(configuration.severities) as object),
    };
    const severity = severityReader({ ...configuration, severities }, 'error');
    return readMessages(request, readMapping(configuration, 'appdynamics'), (message, place) =>
      violationEvent(message, place, severity),
    );
  },
});

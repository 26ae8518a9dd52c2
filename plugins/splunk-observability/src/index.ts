import { defineIntegration, readMapping, readMessages, severityReader } from '@patchbay/plugin-sdk';
import { alertEvent } from './alert-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const severity = severityReader(configuration, 'error');
    return readMessages(request, readMapping(configuration, 'splunk-observability'), (message, place) =>
      alertEvent(message, place, severity),
    );
  },
});

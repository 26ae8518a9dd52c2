import { defineIntegration, readMapping, readMessages, severityReader } from '@patchbay/plugin-sdk';
import { alertEvent } from './alert-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const severity = severityReader(configuration, 'critical');
    return readMessages(request, readMapping(configuration, 'splunk-oncall'), (message, place) =>
      alertEvent(message, place, severity),
    );
  },
});

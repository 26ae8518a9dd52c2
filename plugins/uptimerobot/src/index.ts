import { defineIntegration, readMapping, readMessages, severityOf } from '@patchbay/plugin-sdk';
import { alertEvent } from './alert-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = {
      downSeverity: severityOf(configuration.downSeverity) ?? 'critical',
      expirySeverity: severityOf(configuration.expirySeverity) ?? 'warning',
    };
    return readMessages(request, readMapping(configuration, 'uptimerobot'), (message, place) =>
      alertEvent(message, place, settings),
    );
  },
});

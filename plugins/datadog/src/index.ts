import { defineIntegration, looseFields, productEvent, readMapping, readMessages } from '@patchbay/plugin-sdk';
import { monitorEvent } from './monitor-event.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const mapping = readMapping(configuration, 'datadog');
    return readMessages(request, mapping, (message, place) => {
      // A template for another product names its fields like others do; where Datadog's own state is in it, that counts.
      const isOwn = looseFields(message).text('alert_transition', 'transition') !== undefined;
      const product = isOwn ? undefined : productEvent(message, 'datadog', mapping.severityOf);
      return product ?? monitorEvent(message, place, settings);
    });
  },
});

import { defineIntegration, readMapping, readMessages } from '@patchbay/plugin-sdk';
import { monitorEvent } from './monitor-event.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    return readMessages(request, readMapping(configuration, 'datadog'), (message, place) =>
      monitorEvent(message, place, settings),
    );
  },
});

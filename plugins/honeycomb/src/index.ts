import { defineIntegration, readMessages } from '@patchbay/plugin-sdk';
import { alertEvent } from './alert-event.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    return readMessages(request, settings.mapping, (message, place) => alertEvent(message, place, settings));
  },
});

import { defineIntegration, readMessages } from '@patchbay/plugin-sdk';
import { problemEvent } from './problem-event.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    return readMessages(request, settings.mapping, (message, place) => problemEvent(message, place, settings));
  },
});

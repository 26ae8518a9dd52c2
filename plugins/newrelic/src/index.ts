import { defineIntegration, readMessages } from '@patchbay/plugin-sdk';
import { issueEvent } from './issue-event.ts';
import { legacyEvent } from './legacy-event.ts';
import { alertOf } from './message.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    return readMessages(request, settings.mapping, (message, place) => {
      const alert = alertOf(message);
      const reading = legacyEvent(alert, settings) ?? issueEvent(alert, settings);
      if (reading !== undefined) return reading;
      return {
        issues: [
          { path: place.replace(/\.$/, ''), message: 'Expected id and state, or incident_id and current_state' },
        ],
      };
    });
  },
});

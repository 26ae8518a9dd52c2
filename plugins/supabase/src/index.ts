import { defineIntegration, ignored, ingestedFrom } from '@patchbay/plugin-sdk';
import { rowEvent } from './row-event.ts';
import { readSettings } from './settings.ts';
import { rowChangeSchema } from './supabase.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.json();
    // Hooks of Supabase Auth want work done before somebody may sign in; nothing in them is an alert.
    if (typeof body === 'object' && body !== null && !('table' in body) && ('user' in body || 'user_id' in body))
      return ignored('Hooks of Supabase Auth are no alerts');
    // A log drain sends every line of every service in lists.
    if (
      Array.isArray(body) &&
      body.every((line) => typeof line === 'object' && line !== null && 'event_message' in line)
    )
      return ignored('Lines of a log drain are no alerts; a Database Webhook tells of rows');
    const settings = readSettings(configuration);
    const change = request.parse(rowChangeSchema);
    if (settings.tables.length === 0)
      return ignored('The settings name no table yet: enter under Tables whose rows are alerts');
    return ingestedFrom([rowEvent(change, settings)], request, 'There is no change');
  },
});

import { defineIntegration, ignored, ingestedFrom } from '@patchbay/plugin-sdk';
import { formEvent } from './form-event.ts';
import { readSettings } from './settings.ts';
import { streamEvent } from './stream-event.ts';
import { streamListSchema } from './stream-list.schema.ts';
import { streamEventSchema } from './twilio.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    if (request.method === 'GET') {
      const query = Object.fromEntries(Object.entries(request.query).map(([name, values]) => [name, values[0] ?? '']));
      return ingestedFrom([formEvent(query, settings)], request, 'The query is empty');
    }
    const start = request.text().trimStart().charAt(0);
    const isForm = request.contentType.toLowerCase().includes('form-urlencoded') || !'[{'.includes(start);
    if (start !== '' && isForm)
      return ingestedFrom([formEvent(Object.fromEntries(request.form()), settings)], request, 'The form is empty');
    const body = request.json();
    if (!Array.isArray(body) && !(typeof body === 'object' && body !== null && 'type' in body))
      return ignored('The body is JSON, and no event of Event Streams');
    const events = Array.isArray(body) ? request.parse(streamListSchema) : [request.parse(streamEventSchema)];
    const readings = events.map((event) => streamEvent(event, settings));
    return ingestedFrom(readings, request, 'The list of events is empty');
  },
});

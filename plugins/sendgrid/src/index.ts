import { defineIntegration, ingestedFrom } from '@patchbay/plugin-sdk';
import { sendgridEvent } from './sendgrid-event.ts';
import { sendgridEventSchema } from './sendgrid.schema.ts';
import { sendgridListSchema } from './sendgrid-list.schema.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.json();
    const settings = readSettings(configuration);
    const list = Array.isArray(body) ? request.parse(sendgridListSchema) : [request.parse(sendgridEventSchema)];
    const readings = list.map((event) => sendgridEvent(event, settings));
    return ingestedFrom(readings, request, 'The list of events is empty');
  },
});

import { defineIntegration, ingestedFrom } from '@patchbay/plugin-sdk';
import type { MessageReading } from '@patchbay/plugin-sdk';
import { incidentEvent } from './incident-event.ts';
import { incidentMessageSchema } from './incident.schema.ts';
import { isOther, otherNotice } from './other-notice.ts';
import { unpushed } from './pushed.ts';
import { readSettings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const body = request.json();
    const messages: unknown[] = Array.isArray(body) ? body : [body];
    const readings = messages.map((sent): MessageReading => {
      const message = unpushed(sent, request);
      if (message === undefined) return { issues: [{ path: 'message.data', message: 'Expected JSON in base64' }] };
      if (isOther(message)) return otherNotice(message);
      return incidentEvent(request.parse(incidentMessageSchema, message), settings);
    });
    return ingestedFrom(readings, request, 'The list of incidents is empty');
  },
});

import { defineIntegration, ingestedFrom, invalid, messageOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import { componentEvent } from './component-event.ts';
import { incidentEvent, maintenanceEvent } from './incident-event.ts';
import { componentSchema, incidentSchema, maintenanceSchema } from './statuspage.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const message = messageOf(request);
    const settings = { maintenance: configuration.maintenance === 'incident' };
    const content = Object(message) as Record<string, unknown>;
    const isThere = (name: string) => content[name] !== undefined && content[name] !== null;
    // No field names the kind of a message; what it is about stands there or does not.
    const readings: Reading[] = [];
    if (isThere('incident')) readings.push(incidentEvent(request.parse(incidentSchema, message), settings));
    if (isThere('maintenance')) readings.push(maintenanceEvent(request.parse(maintenanceSchema, message), settings));
    if (isThere('component_update') || isThere('component'))
      readings.push(componentEvent(request.parse(componentSchema, message), settings));
    if (readings.length === 0 && !isThere('page'))
      return invalid('This is no webhook of Statuspage: it has neither incident nor component_update');
    return ingestedFrom(readings, request, 'The message is about the page itself, not about an incident or component');
  },
});

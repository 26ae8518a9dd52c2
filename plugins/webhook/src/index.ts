import { defineIntegration, fitOutput, ignored, invalid, messageOf, readMapping, valueAt } from '@patchbay/plugin-sdk';
import type { Mapping } from '@patchbay/plugin-sdk';
import { readMessage } from './read-message.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const mapping = readMapping(configuration, 'webhook');
    const messages = messagesOf(messageOf(request), mapping);
    const readings = messages.map(({ message, place }) => readMessage(message, place, request, mapping));
    const issues = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []));
    if (issues.length > 0) return invalid('The body cannot be read as an event', issues);
    const events = readings.flatMap((reading) => ('event' in reading ? [reading.event] : []));
    if (events.length > 0) return fitOutput(events, request.text().length);
    const reasons = readings.flatMap((reading) => ('ignored' in reading ? [reading.ignored] : []));
    return ignored(reasons[0] ?? 'The list of events is empty');
  },
});

interface Placed {
  message: unknown;
  /** Where the message stands in the body, with a dot at its end; empty for the body itself. */
  place: string;
}

/** The messages of a body: itself, its entries when it is a list, or the list that the settings name. */
function messagesOf(body: unknown, mapping: Mapping): Placed[] {
  const path = mapping.events[0];
  const listed = path === undefined ? undefined : valueAt(body, path.steps);
  if (path !== undefined && Array.isArray(listed))
    return listed.map((message: unknown, index) => ({ message, place: `${path.text}.${index}.` }));
  if (Array.isArray(body)) return body.map((message: unknown, index) => ({ message, place: `${index}.` }));
  return [{ message: body, place: '' }];
}

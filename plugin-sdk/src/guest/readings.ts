import { fitOutput } from './fit-output.ts';
import { ignored, invalid, type Ingested } from './ingest-result.ts';
import type { IngestRequest } from './ingest-request.ts';
import { valueAt } from './json-path.ts';
import { isMapped, mapped, type Mapped, type Mapping } from './mapping.ts';
import { productEvent } from './product-format.ts';
import { messageOf } from './request-message.ts';
import type { Reading } from './event-of.ts';

/** What became of one message of a request: an event, why there is none, or what is wrong with it. */
export type MessageReading = Reading | Mapped;

/**
 * The result of a request out of what became of its messages. One message that cannot be read refuses the request, so
 * that nobody misses it; without an event, the first reason is given.
 *
 * @param empty the reason for a request without a message
 */
export function ingestedFrom(readings: MessageReading[], request: IngestRequest, empty: string): Ingested {
  const issues = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []));
  if (issues.length > 0) return invalid('The body cannot be read as an event', issues);
  const events = readings.flatMap((reading) =>
    'event_action' in reading ? [reading] : 'event' in reading ? [reading.event] : [],
  );
  if (events.length > 0) return fitOutput(events, request.text().length);
  const reasons = readings.flatMap((reading) => ('ignored' in reading ? [reading.ignored] : []));
  return ignored(reasons[0] ?? empty);
}

/** A message and where it stands in the body, with a dot at its end; empty for the body itself. */
export interface PlacedMessage {
  message: unknown;
  place: string;
}

/** The messages of a body: itself, its entries when it is a list, or the list that the settings name. */
export function messagesIn(body: unknown, mapping: Mapping): PlacedMessage[] {
  const path = mapping.events[0];
  const listed = path === undefined ? undefined : valueAt(body, path.steps);
  if (path !== undefined && Array.isArray(listed))
    return listed.map((message: unknown, index) => ({ message, place: `${path.text}.${index}.` }));
  if (Array.isArray(body)) return body.map((message: unknown, index) => ({ message, place: `${index}.` }));
  return [{ message: body, place: '' }];
}

/**
 * Reads a request whose body its operator may have written, message by message: by the mapping of the settings when there is
 * one, else by `read`, and what that cannot read in the format of another product for incidents.
 */
export function readMessages(
  request: IngestRequest,
  mapping: Mapping,
  read: (message: unknown, place: string) => MessageReading,
): Ingested {
  const readings = messagesIn(messageOf(request), mapping).map(({ message, place }): MessageReading => {
    if (isMapped(mapping)) return mapped(message, mapping, place);
    const reading = read(message, place);
    return 'issues' in reading ? (productEvent(message, mapping.vendor, mapping.severityOf) ?? reading) : reading;
  });
  return ingestedFrom(readings, request, 'The list of messages is empty');
}

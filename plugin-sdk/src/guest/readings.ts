import { fitOutput } from './fit-output.ts';
import { ignored, invalid, type Ingested } from './ingest-result.ts';
import type { IngestRequest } from './ingest-request.ts';
import type { EventPayload } from '../contract/event-payload.ts';
import type { Issue } from '../contract/envelopes.ts';

/** What became of one message of a request: an event, why there is none, or what is wrong with it. */
export type Reading = EventPayload | { ignored: string } | { issues: Issue[] };

/**
 * The result of a request out of what became of its messages. One message that cannot be read refuses the request, so
 * that nobody misses it; without an event, the first reason is given.
 *
 * @param empty the reason for a request without a message
 */
export function ingestedFrom(readings: Reading[], request: IngestRequest, empty: string): Ingested {
  const issues = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []));
  if (issues.length > 0) return invalid('The body cannot be read as an event', issues);
  const events = readings.flatMap((reading) => ('event_action' in reading ? [reading] : []));
  if (events.length > 0) return fitOutput(events, request.text().length);
  const reasons = readings.flatMap((reading) => ('ignored' in reading ? [reading.ignored] : []));
  return ignored(reasons[0] ?? empty);
}

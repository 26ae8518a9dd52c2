import type { EventPayload } from '../contract/event-payload.ts';
import type { IngestResult, Issue } from '../contract/envelopes.ts';

/** An answer that the sender needs instead of the plain 202, for instance the echo of a challenge. */
export interface Answer {
  status: 200 | 201 | 202 | 204;
  contentType?: 'application/json' | 'text/plain';
  body?: string;
}

/** Marks results made by the functions below, so that they are told apart from events. */
const RESULT = Symbol('patchbay.ingestResult');

/** What `ignored`, `invalid` and `accepted` give; opaque. */
export interface IngestReply {
  readonly [RESULT]: IngestResult;
}

/** What `ingest` may give: events, or what one of `ignored`, `invalid` and `accepted` gives. */
export type Ingested = EventPayload | EventPayload[] | IngestReply;

const REASON_CHARS = 512;

/** The request was understood and means no event: a ping, a handshake, a state that is not an alert. */
export function ignored(reason: string, answer?: Answer): IngestReply {
  return { [RESULT]: { outcome: 'ignored', reason: reason.slice(0, REASON_CHARS), ...answered(answer) } };
}

/** The request is not this provider's payload; the sender gets 400 with the issues. */
export function invalid(reason: string, issues: Issue[] = []): IngestReply {
  return { [RESULT]: { outcome: 'invalid', reason: reason.slice(0, REASON_CHARS), issues: issues.slice(0, 50) } };
}

/** Events, and an answer that the sender needs instead of the plain 202. */
export function accepted(events: EventPayload | EventPayload[], answer: Answer): IngestReply {
  return { [RESULT]: { outcome: 'events', events: Array.isArray(events) ? events : [events], ...answered(answer) } };
}

/** The result part of the output envelope. */
export function ingestResult(ingested: Ingested): IngestResult {
  if (Array.isArray(ingested)) return { outcome: 'events', events: ingested };
  if (typeof ingested !== 'object' || ingested === null)
    throw new TypeError('ingest gives an event, an array of events, ignored(...), invalid(...) or accepted(...)');
  return RESULT in ingested ? ingested[RESULT] : { outcome: 'events', events: [ingested] };
}

function answered(answer: Answer | undefined): Pick<IngestResult & { outcome: 'ignored' }, 'answer'> {
  if (answer === undefined) return {};
  return { answer: { contentType: 'application/json', body: '', ...answer } };
}

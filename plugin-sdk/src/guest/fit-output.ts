import type { EventPayload } from '../contract/event-payload.ts';

/** Output that is certainly within `sandboxLimits.outputBytes`, with room for the envelope. */
const OUTPUT_BYTES = 1_000_000;
/** A body so small that its events cannot outgrow the limit, whatever they repeat of it. */
const SMALL_BODY_CHARS = 100_000;

/**
 * The events, without their details where the answer to a very large request would be larger than a call may give:
 * an alert without details is better than none.
 *
 * @param bodyChars length of the request's body
 */
export function fitOutput(events: EventPayload[], bodyChars: number): EventPayload[] {
  if (bodyChars <= SMALL_BODY_CHARS || utf8Bytes(JSON.stringify(events)) <= OUTPUT_BYTES) return events;
  for (const { payload } of events)
    if (payload?.custom_details !== undefined)
      payload.custom_details = { left_out: 'The request was too large; its body is kept with the request.' };
  return events;
}

/** An upper bound of the length in UTF-8, by two searches instead of a loop over every character. */
function utf8Bytes(text: string): number {
  if (!/[^\0-\x7f]/.test(text)) return text.length;
  return text.length * (/[^\0-\u07ff]/.test(text) ? 3 : 2);
}

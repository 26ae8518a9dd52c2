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

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
  }
  return bytes;
}

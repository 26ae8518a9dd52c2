import { jsonFrom, messageOf } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';

const STRAY_BRACES = 5;
/** Longer than any template makes its text; each try reads it from the beginning. */
const TEMPLATE_CHARS = 50_000;

/**
 * The message of a request. A template that is in wide use ends in a brace too many; what stands before it is whole, and
 * nothing is lost by reading it. One that loops over the events writes one object after the other, without a list.
 */
export function bodyOf(request: IngestRequest): unknown {
  try {
    return messageOf(request);
  } catch (error) {
    let text = request.text().trimEnd();
    if (text.length > TEMPLATE_CHARS) throw error;
    for (let count = 0; count < STRAY_BRACES && text.endsWith('}'); count += 1) {
      text = text.slice(0, -1).trimEnd();
      const body = text.endsWith('}') ? jsonFrom(text) : undefined;
      if (body !== undefined) return body;
    }
    const row = jsonFrom(`[${request.text().replace(/\}\s*\{/g, '},{')}]`);
    if (Array.isArray(row) && row.length > 1) return row;
    throw error;
  }
}

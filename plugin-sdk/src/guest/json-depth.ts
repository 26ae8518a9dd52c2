/** The engine's JSON.parse recurses; far beyond this depth it would end the run instead of throwing. */
const DEPTH_MAX = 1000;

/**
 * True for JSON text that is nested deeper than anything a sender means. Brackets inside of texts count, too, which
 * only matters for a thousand of them without their counterparts.
 */
export function isNestedTooDeep(text: string): boolean {
  if (text.length <= DEPTH_MAX) return false;
  // Counting by split is native code; most large messages end here.
  if (text.split('{').length + text.split('[').length <= DEPTH_MAX) return false;
  let depth = 0;
  for (const part of text.split(/[}\]]/)) {
    depth += part.split('{').length + part.split('[').length - 2;
    if (depth > DEPTH_MAX) return true;
    depth -= 1;
  }
  return false;
}

/** The value of JSON text, or undefined when it is none: for text inside of a message, such as SNS' `Message`. */
export function jsonFrom(text: string): unknown {
  if (isNestedTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

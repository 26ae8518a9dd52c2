import { jsonFrom, messageOf } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';

const OBJECTS = 1000;
const DEPTH = 60;
/** Braces and quoted texts that are looked at: what has more is no row of alerts. */
const MARKS = 30_000;

/**
 * The messages of a request. A template that writes several alerts in a row makes objects one after the other, with or
 * without commas, which is no JSON as a whole.
 */
export function bodiesOf(request: IngestRequest): unknown[] {
  try {
    const body = messageOf(request);
    return Array.isArray(body) ? body : [body];
  } catch (error) {
    const objects = splitObjects(request.text()).map(jsonFrom);
    if (objects.length > 1 && objects.every((object) => object !== undefined)) return objects;
    throw error;
  }
}

/** The texts of the objects that stand in a row; none when anything but commas stands between them. */
function splitObjects(text: string): string[] {
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  let end = 0;
  let marks = 0;
  // One step per brace or quoted text: everything else is skipped by the expression.
  for (const { 0: mark, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g)) {
    marks += 1;
    if (marks > MARKS || depth > DEPTH) return [];
    if (mark === '{') {
      if (depth === 0 && !/^[\s,]*$/.test(text.slice(end, index))) return [];
      if (depth === 0) start = index;
      depth += 1;
    } else if (mark === '}') {
      depth -= 1;
      if (depth < 0 || objects.length > OBJECTS) return [];
      end = index + 1;
      if (depth === 0) objects.push(text.slice(start, end));
    }
  }
  return depth === 0 ? objects : [];
}

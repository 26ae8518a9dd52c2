import { textOf } from './event-text.ts';

const TIMESTAMP_CHARS = 64;
/** Seconds up to the year 5138 and milliseconds from 1973 on, so the two cannot be taken for each other. */
const FIRST_MILLISECONDS = 1e11;
const FIRST_SECONDS = 1e8;
const LAST_MILLISECONDS = 8e15;

/** A moment as text: ISO 8601 for a count of seconds or milliseconds since 1970, other text as it came. */
export function instantText(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const count = /^\d{9,16}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (count >= FIRST_MILLISECONDS && count <= LAST_MILLISECONDS) return new Date(count).toISOString();
  if (count >= FIRST_SECONDS && count < FIRST_MILLISECONDS) return new Date(count * 1000).toISOString();
  return text.slice(0, TIMESTAMP_CHARS);
}

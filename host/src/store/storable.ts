/**
 * Text made storable. Postgres takes neither U+0000 nor half a surrogate pair, in `text` and in `jsonb` alike, and one
 * such character would fail the whole batch that it travels in. Each becomes U+FFFD; the exact body is kept as bytes.
 */
const REPLACEMENT = '\ufffd';
// eslint-disable-next-line no-control-regex -- U+0000 is what it looks for
const SUSPECT = /[\u0000\ud800-\udfff]/;
const UNSTORABLE =
  // eslint-disable-next-line no-control-regex -- U+0000 is what it looks for
  /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// What JSON.stringify writes for them; a backslash before it makes a harmless false alarm.
const SUSPECT_JSON = /\\u(?:0000|d[89a-f])/;

export function storableText(text: string): string {
  return SUSPECT.test(text) ? text.replace(UNSTORABLE, REPLACEMENT) : text;
}

/** Text for a bounded column: storable, and cut with an ellipsis where it is longer (never inside a pair). */
export function boundedText(text: string, maxChars: number): string {
  return storableText(
    text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`.replace(/[\ud800-\udbff]…$/, '…'),
  );
}

/**
 * A value as JSON text for a `jsonb` column.
 *
 * @param value anything that JSON.stringify accepts; undefined becomes null
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return SUSPECT_JSON.test(text) ? JSON.stringify(clean(value)) : text;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storableText(key), clean(entry)]));
}

const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret|token$|authorization|api[-_]?key|credential|cookie|private[-_]?key|routing_key|service_key|basic_auth/i;
const DEPTH = 8;
const ENTRIES = 200;
const TEXT_CHARS = 4000;

/** A copy that is fit to be stored and shown: secrets by their names removed, depth, number and length bounded. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > TEXT_CHARS ? `${value.slice(0, TEXT_CHARS - 1)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEPTH) return '[nested too deep]';
  if (Array.isArray(value)) return value.slice(0, ENTRIES).map((entry) => redact(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ENTRIES)
      .map(([name, entry]) => [name, SECRET_NAME.test(name) ? '[removed]' : redact(entry, depth + 1)]),
  );
}

/** The same as an object, because details are named. */
export function detailsOf(value: unknown): Record<string, unknown> {
  const clean = redact(value);
  return typeof clean === 'object' && clean !== null && !Array.isArray(clean)
    ? (clean as Record<string, unknown>)
    : { value: clean };
}

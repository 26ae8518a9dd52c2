import { isSecretName } from '../contract/secret-name.ts';

/** A name and a password before the host of an address. */
const ADDRESS_CREDENTIALS = /(\w:\/\/)[^\s/?#@]{1,200}@/g;
const DEPTH = 8;
const ENTRIES = 200;
const TEXT_CHARS = 4000;

/** A copy that is fit to be stored and shown: secrets by their names removed, depth, number and length bounded. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEPTH) return '[nested too deep]';
  if (Array.isArray(value)) return value.slice(0, ENTRIES).map((entry) => redact(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ENTRIES)
      .map(([name, entry]) => [name, isSecretName(name) ? '[removed]' : redact(entry, depth + 1)]),
  );
}

/** Text of bounded length, without the credentials of the addresses in it. */
export function redactText(text: string): string {
  const cut = text.length > TEXT_CHARS ? `${text.slice(0, TEXT_CHARS - 1)}…` : text;
  return cut.includes('@') ? cut.replace(ADDRESS_CREDENTIALS, '$1') : cut;
}

/** The same as an object, because details are named. */
export function detailsOf(value: unknown): Record<string, unknown> {
  const clean = redact(value);
  return typeof clean === 'object' && clean !== null && !Array.isArray(clean)
    ? (clean as Record<string, unknown>)
    : { value: clean };
}

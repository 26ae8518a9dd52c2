const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret|token$|authorization|api[-_]?key|credential|cookie|private[-_]?key|routing_key|service_key|basic_auth|connection_?string/i;
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
      .map(([name, entry]) => [name, isSecret(name) ? '[removed]' : redact(entry, depth + 1)]),
  );
}

/** Parts of which every secret's name has one: looking for them costs a tenth of the expression in an interpreter. */
const SECRET_PARTS = ['pass', 'secret', 'token', 'auth', 'key', 'cred', 'cookie', 'connection'];

function isSecret(name: string): boolean {
  const lower = name.toLowerCase();
  for (let index = 0; index < SECRET_PARTS.length; index += 1)
    if (lower.includes(SECRET_PARTS[index] ?? '')) return SECRET_NAME.test(name);
  return false;
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

import { textOf } from './event-text.ts';

/** The fields of a message that the sender's operator named, found by what their names mean. */
export interface LooseFields {
  /** The value of the first name that has one; null, blank text and unfilled placeholders count as none. */
  value(...names: string[]): unknown;
  /** The same as text; objects count as none. */
  text(...names: string[]): string | undefined;
}

const FIELDS = 2000;
const PLACEHOLDER_CHARS = 120;
/** Variables that a sender's template engine left as they were: `$ALERT_ID`, `${a.b}`, `${{a.b}}`, `{PID}`, `{{x}}`, `*name*`. */
const PLACEHOLDER = /^(\$[A-Z][A-Z0-9_.]*(\[[^\]]*\])?|\$\{\{?[^}]*\}\}?|\{[A-Za-z]\w*\}|\{\{.*\}\}|\*[A-Za-z]\w*\*)$/;

/** True for text in which a template engine has left the place of a value unfilled. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && value.length <= PLACEHOLDER_CHARS && PLACEHOLDER.test(value.trim());
}

/**
 * Reads a message whose shape its operator chose. A name matches whatever its case and its separators: `alertId` finds
 * `alert_id`, `ALERT.ID`, and `id` inside `alert`. Names with their whole path go before the last name alone, and
 * outer fields before inner ones.
 *
 * @param depth how many objects deep fields are looked for; 1 looks at the message's own fields only
 */
export function looseFields(message: unknown, depth = 3): LooseFields {
  const byPath = new Map<string, unknown>();
  const byName = new Map<string, unknown>();
  let level: [path: string, value: unknown][] = [['', message]];
  for (let deep = 0; deep < depth && level.length > 0; deep += 1) {
    const next: typeof level = [];
    for (const [path, value] of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const [name, entry] of Object.entries(value)) {
        if (byPath.size >= FIELDS) break;
        if (!isSaid(entry)) continue;
        const plain = plainName(name);
        put(byPath, path + plain, entry);
        if (path !== '' && !Array.isArray(value)) put(byName, plain, entry);
        if (typeof entry === 'object') next.push([path + plain, entry]);
      }
    }
    level = next;
  }
  const first = (names: string[], wanted: (value: unknown) => boolean): unknown => {
    for (const name of names) {
      const plain = plainName(name);
      const value = byPath.get(plain) ?? byName.get(plain);
      if (value !== undefined && wanted(value)) return value;
    }
    return undefined;
  };
  return {
    value: (...names) => first(names, () => true),
    text: (...names) => textOf(first(names, (value) => textOf(value) !== undefined)),
  };
}

function put(fields: Map<string, unknown>, name: string, value: unknown): void {
  if (name !== '' && !fields.has(name)) fields.set(name, value);
}

function isSaid(value: unknown): boolean {
  if (typeof value !== 'string') return value !== null && value !== undefined;
  return textOf(value) !== undefined && !isPlaceholder(value);
}

const plainNames = new Map<string, string>();

/** Names repeat within a request and across alerts, and a search in a map costs less than a replacement. */
function plainName(name: string): string {
  let plain = plainNames.get(name);
  if (plain === undefined) {
    plain = name.toLowerCase().replace(/[^a-z0-9]+/g, '');
    if (plainNames.size < FIELDS) plainNames.set(name, plain);
  }
  return plain;
}

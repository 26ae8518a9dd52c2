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
const DOLLAR = 0x24;
const STAR = 0x2a;
const BRACE = 0x7b;
/** Variables that a sender's template engine left as they were: `$ALERT_ID`, `${a.b}`, `${{a.b}}`, `{PID}`, `{{x}}`, `*name*`. */
const PLACEHOLDER = /^(\$[A-Z][A-Z0-9_.]*(\[[^\]]*\])?|\$\{\{?[^}]*\}\}?|\{[A-Za-z]\w*\}|\{\{.*\}\}|\*[A-Za-z]\w*\*)$/;

/** True for text in which a template engine has left the place of a value unfilled. */
export function isPlaceholder(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > PLACEHOLDER_CHARS) return false;
  const text = value.trim();
  // Most text begins with something else, and this runs for every value of a message, in an interpreter.
  const first = text.charCodeAt(0);
  return (first === DOLLAR || first === BRACE || first === STAR) && PLACEHOLDER.test(text);
}

/**
 * Reads a message whose shape its operator chose. A name matches whatever its case and its separators: `alertId` finds
 * `alert_id`, `ALERT.ID`, and `id` inside `alert`. Names with their whole path go before the last name alone, and
 * outer fields before inner ones. Entries of lists have no names here.
 *
 * @param depth how many objects deep fields are looked for; 1 looks at the message's own fields only
 */
export function looseFields(message: unknown, depth = 3): LooseFields {
  const byPath = new Map<string, unknown>();
  const byName = new Map<string, unknown>();
  let level: [path: string, value: object][] = isPlainObject(message) ? [['', message]] : [];
  // Loops count and nothing is judged here that nobody may ask for: a large message has hundreds of fields.
  for (let deep = 0; deep < depth && level.length > 0; deep += 1) {
    const next: typeof level = [];
    for (let at = 0; at < level.length; at += 1) {
      const [path, value] = level[at] as [string, Record<string, unknown>];
      const names = Object.keys(value);
      for (let index = 0; index < names.length && byPath.size < FIELDS; index += 1) {
        const name = names[index] as string;
        const entry = value[name];
        if (entry === null || entry === undefined) continue;
        const plain = plainName(name);
        const whole = path + plain;
        if (!byPath.has(whole)) byPath.set(whole, entry);
        if (path !== '' && !byName.has(plain)) byName.set(plain, entry);
        if (typeof entry === 'object' && deep + 1 < depth && !Array.isArray(entry)) next.push([whole, entry]);
      }
    }
    level = next;
  }
  const first = (names: string[], wanted: (value: unknown) => boolean): unknown => {
    for (let index = 0; index < names.length; index += 1) {
      const plain = plainName(names[index] as string);
      const outer = byPath.get(plain);
      if (outer !== undefined && wanted(outer)) return outer;
      const inner = byName.get(plain);
      if (inner !== undefined && wanted(inner)) return inner;
    }
    return undefined;
  };
  return {
    value: (...names) => first(names, isSaid),
    text: (...names) => textOf(first(names, isText)),
  };
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSaid(value: unknown): boolean {
  return typeof value !== 'string' || isText(value);
}

function isText(value: unknown): boolean {
  return textOf(value) !== undefined && !isPlaceholder(value);
}

/** Names in their plain form: the messages of one request have the same, and are asked for the same. */
const plainNames = new Map<string, string>();

function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const plain = plainForm(name);
  if (plainNames.size < FIELDS && name.length <= PLACEHOLDER_CHARS) plainNames.set(name, plain);
  return plain;
}

/** Searches of single characters are native code; an expression costs ten times as much here. */
function plainForm(name: string): string {
  let plain = name.toLowerCase();
  if (plain.includes('_')) plain = plain.replaceAll('_', '');
  if (plain.includes('.')) plain = plain.replaceAll('.', '');
  if (plain.includes('-')) plain = plain.replaceAll('-', '');
  if (plain.includes(' ')) plain = plain.replaceAll(' ', '');
  return plain;
}

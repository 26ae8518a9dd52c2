/**
 * The message of an XML document: its elements by their names, repeated ones as a list, attributes with `@` before their
 * name, and the text of an element that has either as `#text`.
 *
 * A reader of the part of XML 1.0 that messages use, without recursion and by searches of the engine: libraries that
 * read letter by letter take 50 us an element here, which is more than a run may take for an ordinary message. It is
 * strict about what it reads: tags match, there is one root, and a document type that declares anything is refused, so
 * that there are no entities but the five known ones and numbers.
 */
export function xmlMessage(text: string): XmlReading {
  try {
    return { message: readDocument(text) };
  } catch (error) {
    if (error instanceof NoXml) return { problem: error.message };
    throw error;
  }
}

export type XmlReading = { message: Record<string, unknown> } | { problem: string };

class NoXml extends Error {}

const DEPTH = 100;
/** Of tags, attributes and entities together: what can be read within the time of a run. */
const PARTS = 8_000;
const NAME = '[A-Za-z_:\\u0080-\\uffff][\\w:.\\-\\u0080-\\uffff]*';
const OPEN_TAG = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const CLOSE_TAG = new RegExp(`</(${NAME})\\s*>`, 'y');
const DOCTYPE = /<!DOCTYPE\s[^[\]<>]*>/y;

interface Element {
  name: string;
  fields: Map<string, unknown>;
  text: string;
}

function readDocument(text: string): Record<string, unknown> {
  const parts = text.split('<').length + text.split('=').length + text.split('&').length;
  if (parts > PARTS) throw new NoXml(`The XML has more than ${PARTS} tags, attributes and entities`);
  const open: Element[] = [];
  let root: Record<string, unknown> | undefined;
  const finish = (element: Element): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = { [element.name]: valueOf(element) };
    else add(parent.fields, element.name, valueOf(element));
  };

  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const end = next === -1 ? text.length : next;
    addText(open.at(-1), text.slice(at, end), at);
    if (next === -1) break;
    if (text.startsWith('<![CDATA[', next) && open.length > 0) {
      at = after(text, ']]>', next);
      (open.at(-1) as Element).text += text.slice(next + 9, at - 3);
    } else if (text.startsWith('<!--', next)) at = after(text, '-->', next + 4);
    else if (text.startsWith('<?', next)) at = after(text, '?>', next);
    else if (text.startsWith('<!', next))
      at = afterMatch(DOCTYPE, text, next, 'A document type that declares is not read').at;
    else if (text.startsWith('</', next)) {
      const match = afterMatch(CLOSE_TAG, text, next, 'A closing tag is not well-formed');
      const element = open.pop();
      if (element === undefined || element.name !== match.groups[1])
        throw refusal('A closing tag has no opening one', next);
      at = match.at;
      finish(element);
    } else {
      const match = afterMatch(OPEN_TAG, text, next, 'A tag is not well-formed');
      const [, name = '', attributes = '', closed] = match.groups;
      if (root !== undefined) throw refusal('There is a second element beside the first', next);
      const element: Element = { name, fields: attributesOf(attributes, next), text: '' };
      at = match.at;
      if (closed === '/') finish(element);
      else if (open.push(element) > DEPTH) throw new NoXml('The XML is nested too deep');
    }
  }
  if (open.length > 0) throw refusal(`The element "${open.at(-1)?.name.slice(0, 60) ?? ''}" has no end`, text.length);
  if (root === undefined) throw new NoXml('The XML has no element');
  return root;
}

function addText(element: Element | undefined, text: string, at: number): void {
  if (element !== undefined) element.text += text.includes('&') ? decoded(text, at) : text;
  else if (text.replace('\ufeff', '').trim() !== '') throw refusal('There is text outside of the element', at);
}

function attributesOf(text: string, at: number): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  if (text === '') return fields;
  for (const [, name = '', double, single = ''] of text.matchAll(ATTRIBUTE)) {
    if (fields.has(`@${name}`)) throw refusal(`The attribute "${name.slice(0, 60)}" is there twice`, at);
    fields.set(`@${name}`, decoded(double ?? single, at));
  }
  return fields;
}

function add(fields: Map<string, unknown>, name: string, value: unknown): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, value);
  else if (Array.isArray(before)) before.push(value);
  else fields.set(name, [before, value]);
}

function valueOf({ fields, text }: Element): unknown {
  const own = text.trim();
  if (fields.size === 0) return own;
  if (own !== '') fields.set('#text', own);
  return Object.fromEntries(fields);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string, at: number): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&([^;&\s]{0,32});?/g, (whole, name: string) => {
    const known = whole.endsWith(';') ? (ENTITIES[name] ?? numbered(name)) : undefined;
    if (known === undefined) throw refusal(`The entity "${whole.slice(0, 40)}" is not known`, at);
    return known;
  });
}

function numbered(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return code === 0 || code > 0x10ffff ? undefined : String.fromCodePoint(code);
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  if (found === -1) throw refusal(`"${mark}" is missing`, from);
  return found + mark.length;
}

function afterMatch(pattern: RegExp, text: string, from: number, problem: string) {
  pattern.lastIndex = from;
  const groups = pattern.exec(text);
  if (groups === null) throw refusal(problem, from);
  return { groups, at: pattern.lastIndex };
}

function refusal(problem: string, at: number): NoXml {
  return new NoXml(
    `The body is not XML that can be read: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}, at character ${at + 1}`,
  );
}

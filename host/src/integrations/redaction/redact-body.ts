import { isSecretName } from '@patchbay/plugin-sdk/contract/secret-name';
import { redactJsonText } from './redact-json-text.ts';
import { REDACTED, isSecretParameter, redactShapes } from './secret-shapes.ts';

/** How many layers are opened: JSON in a form field, in a string of JSON, ... */
const LAYERS = 4;

/** The text of a body as it may be shown: what is a secret by its name or its looks is replaced, the rest stays. */
export function redactBody(text: string, contentType: string): string {
  const type = contentType.trim().toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded') && !looksLikeJson(text)) return redactForm(text);
  const boundary = /^multipart\/[^;]*;.*boundary="?([^";]{1,70})"?/.exec(contentType.trim())?.[1];
  if (boundary !== undefined) return redactMultipart(text, boundary);
  return redactText(text);
}

/** Nothing shorter is a secret by its looks, or holds a name and a secret. */
const SHORTEST = 8;

/** What is in no form: JSON and XML by how they begin, else plain text. */
function redactText(text: string, layer = 0): string {
  if (text.length < SHORTEST) return text;
  // Also after JSON, for what is broken; where it is whole, nothing is left to be found.
  if (looksLikeJson(text) && layer < LAYERS)
    return redactShapes(redactJsonText(text, (value) => redactText(value, layer + 1)));
  return redactShapes(/^\s*</.test(text) ? redactXml(text) : text);
}

function looksLikeJson(text: string): boolean {
  return /^[\s\uFEFF]*[{[]/.test(text);
}

function redactForm(text: string): string {
  return text
    .split('&')
    .map((field) => {
      const equals = field.indexOf('=');
      if (equals < 1) return field;
      const name = formText(field.slice(0, equals));
      if (isSecretParameter(name)) return `${field.slice(0, equals)}=${REDACTED}`;
      const value = formText(field.slice(equals + 1));
      const clean = redactText(value);
      return clean === value ? field : `${field.slice(0, equals)}=${encodeURIComponent(clean)}`;
    })
    .join('&');
}

function formText(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return encoded;
  }
}

function redactMultipart(text: string, boundary: string): string {
  return text
    .split(`--${boundary}`)
    .map((part) => {
      const gap = /\r?\n\r?\n/.exec(part);
      if (gap === null) return part;
      const head = part.slice(0, gap.index + gap[0].length);
      const body = part.slice(head.length);
      const name = /[\s;]name="?([^";\r\n]{1,200})"?/i.exec(head)?.[1] ?? '';
      const end = /\r?\n$/.exec(body)?.[0] ?? '';
      const value = body.slice(0, body.length - end.length);
      return `${head}${isSecretParameter(name) ? REDACTED : redactText(value)}${end}`;
    })
    .join(`--${boundary}`);
}

const ELEMENT = /<([\w.:-]{1,100})((?:\s[^<>]*)?)>(?:[^<]+|<!\[CDATA\[[^<]*\]\]>)(?=<\/)/g;
const ATTRIBUTE = /([\w.:-]{1,100})=("[^"<]*"|'[^'<]*')/g;

function redactXml(text: string): string {
  return text
    .replace(ELEMENT, (whole, name: string, attributes: string) =>
      isSecretName(localName(name)) ? `<${name}${attributes}>${REDACTED}` : whole,
    )
    .replace(ATTRIBUTE, (whole, name: string) => (isSecretName(localName(name)) ? `${name}="${REDACTED}"` : whole));
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

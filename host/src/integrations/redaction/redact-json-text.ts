import { isSecretName } from '@patchbay/plugin-sdk/contract/secret-name';
import { REDACTED } from './secret-shapes.ts';

/** `{"name": "Authorization", "value": "..."}`: the secret's name is a value itself. */
const LABELS = /^(name|key|header|field|parameter)$/i;
const LABELLED = /^(value|val|content|default)$/i;

interface Frame {
  readonly isObject: boolean;
  /** Of the member whose value comes next; null where a name is expected. */
  name: string | null;
  /** A label of this object names a secret. */
  labelsSecret: boolean;
}

/**
 * JSON text without its secrets, and else as it was written: numbers, spaces and repeated names stay. It is read as
 * tokens and not parsed, so that what is broken, or several documents, are redacted as well.
 *
 * @param redactString for the text of strings that are no secret by their name
 */
export function redactJsonText(text: string, redactString: (text: string) => string): string {
  const pieces: string[] = [];
  const frames: Frame[] = [];
  let copied = 0;
  const replace = (start: number, end: number, by: string) => {
    pieces.push(text.slice(copied, start), by);
    copied = end;
  };
  let at = 0;
  while (at < text.length) {
    const frame = frames.at(-1);
    const hidden = frame !== undefined && isHidden(frame);
    const end = endOfToken(text, at);
    switch (text.charAt(at)) {
      case '"': {
        const value = decoded(text.slice(at, end));
        if (frame !== undefined && frame.isObject && frame.name === null) frame.name = value;
        else if (hidden) {
          if (value !== '') replace(at, end, `"${REDACTED}"`);
        } else {
          if (frame !== undefined && frame.name !== null && LABELS.test(frame.name))
            frame.labelsSecret = isSecretName(value);
          const clean = redactString(value);
          if (clean !== value) replace(at, end, JSON.stringify(clean));
        }
        at = end;
        break;
      }
      case '{':
      case '[':
        if (hidden) {
          const close = endOfNested(text, at);
          replace(at, close, `"${REDACTED}"`);
          at = close;
        } else {
          frames.push({ isObject: text[at] === '{', name: null, labelsSecret: false });
          at = end;
        }
        break;
      case '}':
      case ']':
        frames.pop();
        at = end;
        break;
      case ',':
        if (frame !== undefined) frame.name = null;
        at = end;
        break;
      default:
        if (hidden && /^[-\d]/.test(text.slice(at, at + 1))) replace(at, end, `"${REDACTED}"`);
        at = end;
    }
  }
  pieces.push(text.slice(copied));
  return pieces.join('');
}

function isHidden({ isObject, name, labelsSecret }: Frame): boolean {
  return isObject && name !== null && (isSecretName(name) || (labelsSecret && LABELLED.test(name)));
}

const MARKS = new Set(['"', '{', '}', '[', ']', ',', ':', ' ', '\t', '\n', '\r']);

function endOfToken(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  if (MARKS.has(text[start] ?? '')) return start + 1;
  let end = start + 1;
  while (end < text.length && !MARKS.has(text[end] ?? '')) end += 1;
  return end;
}

/** After its closing quotation mark, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length && text[end] !== '"'; end += 1) if (text[end] === '\\') end += 1;
  return Math.min(end + 1, text.length);
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at = endOfToken(text, at)) {
    const mark = text[at];
    if (mark === '{' || mark === '[') depth += 1;
    if ((mark === '}' || mark === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

function decoded(raw: string): string {
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined);
  }
}

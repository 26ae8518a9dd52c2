import { isUtf8 } from 'node:buffer';
import { sandboxLimits } from '../contract/limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** With this bit set `[` is `{` and `]` is `}`. */
const CURLY_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/**
 * What is wrong with text from a plugin before anybody parses it, or undefined: it is not UTF-8, or nested so deep that
 * code which walks the parsed value (JSON.stringify among it) would run out of stack.
 */
export function textProblem(bytes: Uint8Array, levels: number = sandboxLimits.jsonDepth): string | undefined {
  if (!isUtf8(bytes)) return 'is not UTF-8';
  return bytes.length > 2 * levels && isNestedTooDeep(bytes, levels)
    ? `is nested deeper than ${levels} levels`
    : undefined;
}

export function isJsonObject(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read);
  } catch {
    return false;
  }
}

function isNestedTooDeep(bytes: Uint8Array, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if ((byte | CURLY_BIT) === OPENING) {
      depth += 1;
      if (depth > levels) return true;
    } else if ((byte | CURLY_BIT) === CLOSING) depth -= 1;
  }
  return false;
}

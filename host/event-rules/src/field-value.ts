import { clip } from '@patchbay/plugin-sdk';
import { jsonOf } from './language.ts';

const severities = ['critical', 'error', 'warning', 'info'];
/** As in the contract of events. */
const CHARS: Readonly<Record<string, number>> = {
  summary: 1024,
  source: 512,
  component: 255,
  group: 255,
  class: 255,
};
const DEDUP_KEY_CHARS = 8192;
const OPTIONAL = new Set(['component', 'group', 'class']);
const DETAILS = 'custom_details.';

/** The name below `custom_details`, undefined for the other fields. */
export function detailOf(field: string): string | undefined {
  return field.startsWith(DETAILS) ? field.slice(DETAILS.length) : undefined;
}

/**
 * What a field may hold, made of what an expression gave: text that is too long is cut, null takes away what may be
 * missing. @throws Error when the field cannot hold it
 */
export function fieldValue(field: string, given: unknown): unknown {
  const value = jsonOf(given);
  if (detailOf(field) !== undefined) return value;
  if (OPTIONAL.has(field) && (value === null || value === '')) return null;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new Error(`${field} is text, and this is none`);
  const text = String(value);
  if (field === 'severity') {
    if (severities.includes(text)) return text;
    throw new Error(`severity is one of ${severities.join(', ')}, not "${clip(text, 40)}"`);
  }
  if (text === '') throw new Error(`${field} cannot be empty`);
  // Keys are never cut, because cut keys meet.
  if (field === 'dedup_key') {
    if (text.length <= DEDUP_KEY_CHARS) return text;
    throw new Error(`dedup_key is longer than ${DEDUP_KEY_CHARS} characters`);
  }
  return clip(text, CHARS[field] ?? 255);
}

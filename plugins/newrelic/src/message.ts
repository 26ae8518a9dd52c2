import { jsonFrom, looseFields } from '@patchbay/plugin-sdk';
import type { LooseFields } from '@patchbay/plugin-sdk';

/** Objects into which templates and New Relic's oldest product put the alert. */
const WRAPPERS = ['issue', 'incident', 'alert', 'data', 'payload'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object with the alert's fields. The oldest product posts a form with JSON in its field `alert`. */
export function alertOf(message: unknown): unknown {
  if (!isObject(message)) return message;
  for (const name of WRAPPERS) {
    const inner = Object.hasOwn(message, name) ? message[name] : undefined;
    const value = typeof inner === 'string' && inner.startsWith('{') ? jsonFrom(inner) : inner;
    if (isObject(value)) return { ...value, ...message, [name]: undefined };
  }
  return message;
}

/** The message's own fields; those of its targets and labels have the same names and mean something else. */
export const fieldsOf = (message: unknown): LooseFields => looseFields(message, 1);

/** The first entry of a list, or its name when it is an object. */
export function firstOf(value: unknown): unknown {
  const entry: unknown = Array.isArray(value) ? value[0] : value;
  return isObject(entry) ? (entry.name ?? entry.id) : entry;
}

import type { PlacedMessage } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The events of a message. An action may send several at once, and templates loop over them (`$fullEventList`) into a list;
 * what the message says beside it, its application for instance, belongs to each.
 */
export function eventsIn(message: unknown, place: string): PlacedMessage[] {
  if (!isObject(message)) return [{ message, place }];
  const name = ['events', 'fullEventList', 'eventList'].find((field) => Array.isArray(message[field]));
  const listed: unknown[] = name === undefined ? [] : (message[name] as unknown[]);
  const events = listed.filter(isObject);
  if (name === undefined || events.length === 0) return [{ message, place }];
  const { [name]: _, ...common } = message;
  return events.map((event, index) => ({ message: { ...common, ...event }, place: `${place}${name}.${index}.` }));
}

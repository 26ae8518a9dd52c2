import { jsonFrom } from '@patchbay/plugin-sdk';
import { alarmEvent } from './alarm-event.ts';
import { alarmSchema } from './alarm.schema.ts';
import { eventBridgeReading } from './eventbridge-events.ts';
import { eventBridgeSchema } from './eventbridge.schema.ts';
import { jsonReading, textReading } from './other-events.ts';
import type { Envelope, Parse, Reading, Settings } from './reading.ts';

/** Reads one message of a topic: an alarm, an event of another service, or text. */
export function readMessage(message: string, envelope: Envelope, parse: Parse, settings: Settings): Reading {
  const value = jsonFrom(message);
  return isObject(value) ? readObject(value, envelope, parse, settings) : textReading(message, envelope, settings);
}

export function readObject(
  message: Record<string, unknown>,
  envelope: Envelope,
  parse: Parse,
  settings: Settings,
): Reading {
  if (isAlarm(message)) return alarmEvent(parse(alarmSchema, message), settings);
  if (isEventBridge(message)) return eventBridgeReading(parse(eventBridgeSchema, message), parse, settings);
  return jsonReading(message, envelope, settings);
}

export const isAlarm = (message: Record<string, unknown>): boolean =>
  'AlarmName' in message || 'NewStateValue' in message;

export const isEventBridge = (message: Record<string, unknown>): boolean =>
  'detail-type' in message && 'source' in message;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

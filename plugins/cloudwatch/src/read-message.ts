import { jsonFrom } from '@patchbay/plugin-sdk';
import { alarmEvent } from './alarm-event.ts';
import { alarmSchema } from './alarm.schema.ts';
import { eventBridgeReadings, isLambdaAlarm, lambdaAlarm } from './eventbridge-events.ts';
import { eventBridgeSchema } from './eventbridge.schema.ts';
import { jsonReading, textReading } from './other-events.ts';
import type { Detail, Envelope, Parse, Reading, Settings } from './reading.ts';

/** Reads one message of a topic: an alarm, an event of another service, or text. */
export function readMessage(message: string, envelope: Envelope, parse: Parse, settings: Settings): Reading[] {
  const value = jsonFrom(message);
  return isObject(value) ? readObject(value, envelope, parse, settings) : [textReading(message, envelope, settings)];
}

export function readObject(message: Detail, envelope: Envelope, parse: Parse, settings: Settings): Reading[] {
  if (isAlarmAction(message)) return readObject(asChange(message), envelope, parse, settings);
  if (isAlarm(message)) return [alarmEvent(parse(alarmSchema, message), settings)];
  if (isLambdaAlarm(message)) return [lambdaAlarm(message, parse, settings)];
  if (!isEventBridge(message)) return [jsonReading(message, envelope, settings)];
  // Notification rules of the developer tools write the same event with its type in another spelling.
  const event = 'detail-type' in message ? message : { ...message, 'detail-type': message.detailType };
  return eventBridgeReadings(parse(eventBridgeSchema, event), parse, settings);
}

/** What an alarm gives to a Lambda function as its action, for one that passes it on as it is. */
export const isAlarmAction = (message: Detail): boolean =>
  message.source === 'aws.cloudwatch' && isObject(message.alarmData);

function asChange({ alarmArn, accountId, alarmData, ...rest }: Detail): Detail {
  const resources = [alarmArn];
  return { ...rest, 'detail-type': 'CloudWatch Alarm State Change', account: accountId, resources, detail: alarmData };
}

export const isAlarm = (message: Detail): boolean => 'AlarmName' in message || 'NewStateValue' in message;

export const isEventBridge = (message: Detail): boolean =>
  ('detail-type' in message && ('source' in message || 'detail' in message)) ||
  ('detailType' in message && 'detail' in message && 'source' in message);

/** What services write to a topic without an envelope of EventBridge, and what only they write. */
export const isNotice = (message: Detail): boolean =>
  isLambdaAlarm(message) ||
  ('AutoScalingGroupName' in message && 'Event' in message) ||
  ('documentName' in message && 'commandId' in message) ||
  ('notificationType' in message && 'mail' in message) ||
  'Event Message' in message;

export function isObject(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

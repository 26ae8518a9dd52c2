import { firstText, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import { deliveryEvent } from './delivery-event.ts';
import { errorEvent } from './error-event.ts';
import type { Settings } from './settings.ts';
import type { StreamEvent } from './twilio.schema.ts';

/** One event of Event Streams. */
export function streamEvent(event: StreamEvent, settings: Settings): Reading {
  const { type } = event;
  const data = event.data ?? {};
  if (type.startsWith('com.twilio.error-logs.'))
    return errorEvent(
      {
        level: data.level,
        account: data.account_sid,
        time: firstText(event.time, data.date_created),
      },
      { ...data, more_info: data.payload ?? data.more_info },
    );
  const status = textOf(type.slice(type.lastIndexOf('.') + 1)) ?? '';
  if (status !== 'failed' && status !== 'undelivered')
    return { ignored: `"${type.slice(0, 120)}" is no failure of a delivery` };
  return deliveryEvent(
    {
      what: whatFailed(type),
      status,
      sid: firstText(data.messageSid, data.message_sid, data.callSid, data.call_sid, data.attempt_sid, data.sid),
      account: firstText(data.accountSid, data.account_sid),
      from: firstText(data.from, data.messagingServiceSid, data.service_sid),
      to: firstText(data.to, data.recipient),
      code: firstText(data.errorCode, data.error_code),
      explanation: firstText(data.errorMessage, data.error_message),
      time: event.time ?? data.timestamp,
    },
    settings,
  );
}

function whatFailed(type: string): 'Message' | 'Call' | 'Verification' {
  if (type.includes('.verify.')) return 'Verification';
  return type.includes('.voice.') ? 'Call' : 'Message';
}

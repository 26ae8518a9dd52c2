import { dedupKey, eventOf, firstText, jsonFrom, textOf } from '@patchbay/plugin-sdk';
import type { Issue, Reading } from '@patchbay/plugin-sdk';
import { deliveryEvent } from './delivery-event.ts';
import { errorEvent } from './error-event.ts';
import type { Settings } from './settings.ts';

type Fields = Record<string, string>;

const FAILED = new Set(['failed', 'undelivered']);

/**
 * A request with form fields: status callbacks of messages, calls and faxes, the debugger's webhook and usage triggers.
 * https://www.twilio.com/docs/usage/webhooks
 */
export function formEvent(fields: Fields, settings: Settings): Reading | { issues: Issue[] } {
  if (fields.PayloadType !== undefined || (fields.Level !== undefined && fields.Payload !== undefined))
    return debuggerEvent(fields);
  if (fields.UsageTriggerSid !== undefined) return usageEvent(fields);
  const message = firstText(fields.MessageStatus, fields.SmsStatus)?.toLowerCase();
  if (message !== undefined) return callback('Message', message, fields, settings);
  const fax = textOf(fields.FaxStatus)?.toLowerCase();
  if (fax !== undefined) return callback('Fax', fax === 'failed' ? fax : `fax ${fax}`, fields, settings);
  const call = firstText(fields.CallStatus, fields.DialCallStatus)?.toLowerCase();
  if (call !== undefined) return callback('Call', call, fields, settings);
  if (fields.CallSid !== undefined) return { ignored: 'A call that goes on is no alert' };
  if (fields.MessageSid !== undefined || fields.SmsSid !== undefined)
    return { ignored: 'A message that came in is no alert' };
  if (fields.AccountSid !== undefined || fields.EventType !== undefined)
    return { ignored: 'This request of Twilio tells of no failure' };
  return { issues: [{ path: '', message: 'Expected the fields of a Twilio request, for example MessageStatus' }] };
}

function callback(
  what: 'Message' | 'Fax' | 'Call',
  status: string,
  fields: Fields,
  settings: Settings,
): Reading | { issues: Issue[] } {
  if (!FAILED.has(status)) return { ignored: `${what}: "${status.slice(0, 60)}" is no failure` };
  return deliveryEvent(
    {
      what,
      status,
      sid: firstText(fields.MessageSid, fields.SmsSid, fields.CallSid, fields.FaxSid),
      account: fields.AccountSid,
      from: firstText(fields.From, fields.Caller),
      to: firstText(fields.To, fields.Called),
      code: fields.ErrorCode,
      explanation: firstText(fields.ErrorMessage, fields.ChannelStatusMessage),
      time: fields.Timestamp,
    },
    settings,
  );
}

/** https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks */
function debuggerEvent(fields: Fields): Reading {
  const payload = jsonFrom(fields.Payload ?? '');
  return errorEvent(
    {
      level: fields.Level,
      account: fields.AccountSid,
      time: fields.Timestamp,
    },
    typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {},
  );
}

/** https://www.twilio.com/docs/usage/api/usage-trigger */
function usageEvent(fields: Fields): Reading {
  const account = textOf(fields.AccountSid) ?? 'account';
  const category = textOf(fields.UsageCategory) ?? 'usage';
  return eventOf({
    action: 'trigger',
    key: dedupKey('twilio', account, 'usage', fields.UsageTriggerSid ?? category),
    summary: [`Usage of ${category} has reached ${fields.CurrentValue ?? '?'} (limit ${fields.TriggerValue ?? '?'})`],
    source: [account, 'Twilio'],
    severity: 'warning',
    kind: 'usage trigger',
    component: category,
    group: account,
    timestamp: fields.DateFired,
    links: [],
    details: {
      category,
      current: fields.CurrentValue ?? null,
      limit: fields.TriggerValue ?? null,
      recurring: fields.Recurring ?? null,
    },
  });
}

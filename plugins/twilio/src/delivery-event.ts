import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

/** A message, fax or call that failed, whichever way Twilio told of it. */
export interface FailedDelivery {
  what: 'Message' | 'Call' | 'Fax' | 'Verification';
  status: string;
  sid: unknown;
  account: unknown;
  from: unknown;
  to: unknown;
  code: unknown;
  explanation: unknown;
  time?: unknown;
}

export function deliveryEvent(failure: FailedDelivery, settings: Settings): EventPayload {
  const { what, status } = failure;
  const account = textOf(failure.account) ?? 'account';
  const from = textOf(failure.from);
  const to = textOf(failure.to);
  const code = errorCode(failure.code);
  const kind = what.toLowerCase();
  const about =
    settings.groupBy === 'message'
      ? (textOf(failure.sid) ?? to)
      : [settings.groupBy === 'sender' ? from : undefined, code ?? status]
          .filter((part) => part !== undefined)
          .join('-');
  const route = to === undefined ? '' : ` to ${to}`;
  const reason = firstText(failure.explanation, code === undefined ? undefined : `error ${code}`);
  return eventOf({
    action: 'trigger',
    key: dedupKey('twilio', account, kind, about ?? status),
    summary: [`${what}${route} ${status}${reason === undefined ? '' : `: ${reason}`}`],
    source: [from, account, 'Twilio'],
    severity: settings.severity,
    kind: `${kind}.${status}`,
    component: from,
    group: account,
    timestamp: failure.time,
    links: [[code === undefined ? undefined : `https://www.twilio.com/docs/api/errors/${code}`, `Error ${code}`]],
    details: { status, sid: failure.sid ?? null, from: from ?? null, to: to ?? null, errorCode: code ?? null },
  });
}

/** Twilio writes nothing, 0 or null where there was no error. */
export function errorCode(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^[1-9]\d{1,9}$/.test(text) ? text : undefined;
}

import { dedupKey, eventOf, firstText, jsonFrom, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import { errorCode } from './delivery-event.ts';

type Fields = Record<string, unknown>;

const part = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** An error or warning that Twilio recorded, from the debugger or from Event Streams. Its key is the error, not the call. */
export function errorEvent(about: { level: unknown; account: unknown; time: unknown }, payload: Fields): Reading {
  const level = textOf(about.level)?.toLowerCase() ?? 'error';
  if (level !== 'error' && level !== 'warning') return { ignored: `The level "${level.slice(0, 60)}" is no alert` };
  const account = textOf(about.account) ?? 'account';
  const code = errorCode(payload.error_code);
  const service = textOf(payload.service_sid);
  const info = typeof payload.more_info === 'string' ? part(jsonFrom(payload.more_info)) : part(payload.more_info);
  const text = firstText(info.Msg, info.msg, info.message, info.parserMessage, payload.error_message);
  const webhook = part(part(payload.webhook).request);
  const head = code === undefined ? `Twilio ${level}` : `Twilio ${level} ${code}`;
  return eventOf({
    action: 'trigger',
    key: dedupKey('twilio', account, 'error', code ?? 'unknown', service ?? firstText(webhook.url, info.url) ?? ''),
    summary: [text === undefined ? head : `${head}: ${text}`],
    source: [firstText(webhook.url, info.url), service, account, 'Twilio'],
    severity: level,
    kind: 'debugger',
    component: firstText(payload.product, service),
    group: account,
    timestamp: about.time,
    links: [
      [code === undefined ? undefined : `https://www.twilio.com/docs/api/errors/${code}`, `Error ${code}`],
      ['https://console.twilio.com/us1/monitor/logs/debugger/errors', 'Error logs'],
    ],
    details: {
      level,
      errorCode: code ?? null,
      resource: textOf(payload.resource_sid) ?? null,
      service: service ?? null,
      product: textOf(payload.product) ?? null,
      message: text ?? null,
    },
  });
}

import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { SendgridEvent } from './sendgrid.schema.ts';
import type { Settings } from './settings.ts';

/** Mail that did not arrive or was not wanted. A message that is deferred is tried again and ends as one of these. */
const PROBLEMS: Record<string, string> = {
  bounce: 'Mail bounced',
  blocked: 'Mail was blocked',
  dropped: 'Mail was dropped before sending',
  spamreport: 'Mail was reported as spam',
};

/** What becomes of one entry. Nothing says that an address works again, so only changes of the account resolve. */
export function sendgridEvent(event: SendgridEvent, settings: Settings): Reading {
  const name = event.event.trim().toLowerCase();
  if (name === 'account_status_change') return accountEvent(event);
  const problem = Object.hasOwn(PROBLEMS, name) ? PROBLEMS[name] : undefined;
  if (problem === undefined) return { ignored: `"${name.slice(0, 60)}" is no failure of a delivery` };
  const kind = name === 'bounce' && textOf(event.type) === 'blocked' ? 'blocked' : name;
  const address = textOf(event.email)?.toLowerCase();
  const domain = address?.slice(address.lastIndexOf('@') + 1);
  const category = firstText(...[event.category].flat());
  const about = settings.groupBy === 'domain' ? domain : settings.groupBy === 'category' ? category : address;
  const reason = firstText(event.reason, event.response, event.bounce_classification);
  const what = PROBLEMS[kind] ?? problem;
  const head = address === undefined ? what : `${what}: ${address}`;
  return eventOf({
    action: 'trigger',
    key: dedupKey('sendgrid', kind, about ?? 'unknown'),
    summary: [reason === undefined ? head : `${head}: ${reason}`],
    source: [domain, 'SendGrid'],
    severity: settings.severity,
    kind: name,
    component: category,
    group: domain,
    timestamp: event.timestamp,
    links: [],
    details: {
      event: name,
      type: event.type ?? null,
      email: address ?? null,
      reason: event.reason ?? null,
      response: event.response ?? null,
      status: event.status ?? null,
      classification: event.bounce_classification ?? null,
      category: event.category ?? null,
      message: event.sg_message_id ?? null,
    },
  });
}

/** An account that SendGrid suspends sends nothing at all. */
function accountEvent(event: SendgridEvent): Reading {
  const type = textOf(event.type) ?? 'changed';
  const isGood = /reactivat|restore/i.test(type);
  return eventOf({
    action: isGood ? 'resolve' : 'trigger',
    key: dedupKey('sendgrid', 'account'),
    summary: [`SendGrid account: ${type.replace(/_/g, ' ')}`],
    source: ['SendGrid'],
    severity: isGood ? 'info' : 'critical',
    kind: 'account_status_change',
    timestamp: event.timestamp,
    links: [],
    details: { type, reason: event.reason ?? null },
  });
}

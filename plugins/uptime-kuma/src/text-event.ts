import { dedupKey, eventOf, hostOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import { changeEvent, monitorKey } from './heartbeat-event.ts';
import type { Settings } from './heartbeat-event.ts';

/**
 * A message that has only a text: a certificate or a domain that expires, a test, or a body that carries no more than
 * `msg`, whose beginning is the name and the state of the monitor.
 */
export function textEvent(text: string, settings: Settings): Reading {
  const certificate =
    /^\[([^\n]{1,300}?)\]\[([^\n]{0,2000}?)\] ([^\n]{0,300}?)certificate ([^\n]{0,300}?) ?will (?:be expired|expire) in (-?\d{1,6}) days?/.exec(
      text,
    );
  if (certificate !== null) {
    const [, name = '', url = '', , subject = '', days] = certificate;
    return expiry(text, name, url, 'certificate', subject, days, settings);
  }
  const domain = /^(?:\[([^\n]{1,300}?)\] )?Domain name ([^\n]{1,300}?) will expire in (-?\d{1,6}) days?/.exec(text);
  if (domain !== null) {
    const [, name, subject = '', days] = domain;
    return expiry(text, name ?? subject, '', 'domain', subject, days, settings);
  }
  const state = /^\[([^\n]{1,300}?)\] \[(?:🔴 |✅ )?(Down|Up)\](?: ([^\n]{0,2000}))?/u.exec(text);
  if (state !== null) {
    const [, name, word = '', message] = state;
    return changeEvent({ state: word, monitorId: undefined, name, message, monitor: {} }, settings);
  }
  if (text.trim().endsWith(' Testing')) return { ignored: "Uptime Kuma's test notification arrived" };
  return { ignored: `The message is about no monitor: "${text.slice(0, 200)}"` };
}

/** Reminders come again with fewer days, so the days are no part of the key. */
function expiry(
  text: string,
  name: string,
  url: string,
  kind: 'certificate' | 'domain',
  subject: string,
  days: string | undefined,
  settings: Settings,
): Reading {
  return eventOf({
    action: 'trigger',
    key: dedupKey(monitorKey(settings, name), kind, subject),
    summary: [`${name}: ${kind} ${subject} expires in ${days} days`],
    source: [hostOf(url), subject, name],
    severity: settings.expirySeverity,
    kind,
    component: name,
    links: [[hostOf(url) === undefined ? undefined : url, 'What is checked']],
    details: { message: text.slice(0, 2000), daysLeft: Number(days) },
  });
}

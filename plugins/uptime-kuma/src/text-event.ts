import { dedupKey, eventOf, hostOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import { changeEvent, monitorKey } from './heartbeat-event.ts';
import type { Settings } from './heartbeat-event.ts';

/**
 * A message that has only a text: a certificate or a domain that expires, a test, or a body that carries no more than
 * `msg`, whose beginning is the name and the state of the monitor.
 */
export function textEvent(text: string, settings: Settings): Reading {
  const expires = / will (?:be expired|expire) in (-?\d{1,6}) days?/.exec(text);
  if (expires !== null) {
    const expiring = expirySubject(text.slice(0, expires.index));
    if (expiring !== undefined) return expiry(text, expiring, expires[1], settings);
  }
  const state = /^\[([^\n]{1,300}?)\] \[(?:🔴 |✅ )?(Down|Up)\](?: ([^\n]{0,2000}))?/u.exec(text);
  if (state !== null) {
    const [, name, word = '', message] = state;
    return changeEvent({ state: word, monitorId: undefined, name, message, monitor: {} }, settings);
  }
  if (text.trim().endsWith(' Testing')) return { ignored: "Uptime Kuma's test notification arrived" };
  return { ignored: `The message is about no monitor: "${text.slice(0, 200)}"` };
}

interface Expiring {
  name: string;
  url: string;
  kind: 'certificate' | 'domain';
  subject: string;
}

/** `[Shop][https://shop.example] server certificate shop.example`, or `Domain name shop.example`. */
function expirySubject(head: string): Expiring | undefined {
  const domain = head.lastIndexOf('Domain name ');
  if (domain !== -1) {
    const subject = head.slice(domain + 'Domain name '.length);
    const name = /^\[([^\]\n]{1,300})\]/.exec(head)?.[1] ?? subject;
    return { name, url: '', kind: 'domain', subject };
  }
  const certificate = head.lastIndexOf('certificate');
  const middle = head.indexOf('][');
  const end = head.indexOf('] ', middle);
  if (certificate === -1 || middle === -1 || end === -1 || !head.startsWith('[')) return undefined;
  const subject = head.slice(certificate + 'certificate'.length).trim();
  return { name: head.slice(1, middle), url: head.slice(middle + 2, end), kind: 'certificate', subject };
}

/** Reminders come again with fewer days, so the days are no part of the key. */
function expiry(text: string, expiring: Expiring, days: string | undefined, settings: Settings): Reading {
  const { name, url, kind, subject } = expiring;
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

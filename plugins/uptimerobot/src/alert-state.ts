export interface AlertState {
  action: 'trigger' | 'resolve';
  /** What the alert is about; an expiring certificate and a monitor that is down are two problems. */
  about: 'uptime' | 'ssl' | 'domain';
  words: string;
}

const DOWN: AlertState = { action: 'trigger', about: 'uptime', words: 'is down' };
const UP: AlertState = { action: 'resolve', about: 'uptime', words: 'is up again' };
const SSL: AlertState = { action: 'trigger', about: 'ssl', words: 'has a certificate that expires soon' };
const DOMAIN: AlertState = { action: 'trigger', about: 'domain', words: 'has a domain that expires soon' };

/** The values of `*alertType*` and of `*alertTypeFriendlyName*`. */
const STATES = new Map<string, AlertState>([
  ['1', DOWN],
  ['down', DOWN],
  ['2', UP],
  ['up', UP],
  ['3', SSL],
]);

/** The state that an alert's type says, as a number or as a word; undefined for one that says neither. */
export function alertState(type: string | undefined, word: string | undefined): AlertState | undefined {
  for (const text of [type, word]) {
    const state = text?.trim().toLowerCase() ?? '';
    const known = STATES.get(state);
    if (known !== undefined) return known;
    if (/^ssl\b/.test(state)) return SSL;
    if (/^domain\b/.test(state)) return DOMAIN;
  }
  return undefined;
}

import type { EventAction } from '@patchbay/plugin-sdk';

/**
 * What `$ALERT_TRANSITION` means, in lower case and without the `Re-` of a repetition. Products that get Datadog's
 * messages through templates of their own write some of the other words.
 */
const TRANSITIONS: Record<string, EventAction> = {
  triggered: 'trigger',
  alert: 'trigger',
  warn: 'trigger',
  'no data': 'trigger',
  renotify: 'trigger',
  notify: 'trigger',
  trigger: 'trigger',
  open: 'trigger',
  firing: 'trigger',
  active: 'trigger',
  recovered: 'resolve',
  recovery: 'resolve',
  ok: 'resolve',
  resolved: 'resolve',
  resolve: 'resolve',
  closed: 'resolve',
  acknowledged: 'acknowledge',
  acknowledge: 'acknowledge',
};

/** The transition in its plain form: `Re-Warn` is `warn`, `Warn->OK` is `ok`, "Recovered on {host:a}" is `recovered`. */
export function plainTransition(text: string): string {
  const arrived = text.split(/->|→/).at(-1) ?? text;
  return arrived
    .trim()
    .toLowerCase()
    .replace(/ on \{.*$/, '')
    .replace(/^(recovered|ok) from .*$/, '$1')
    .replace(/^(?:warn|warning|alert|no data) (recovered|recovery)$/, '$1')
    .replace(/^re-(?=triggered|warn|no data|notify)/, '')
    .replace(/_/g, ' ')
    .trim();
}

export function actionOf(transition: string): EventAction | undefined {
  return Object.hasOwn(TRANSITIONS, transition) ? TRANSITIONS[transition] : undefined;
}

export interface MonitorTitle {
  /** The plain transition that stands in front. */
  transition: string | undefined;
  /** `P1` to `P5`. */
  priority: string | undefined;
  /** True for what "Test Notifications" of a monitor sends. */
  test: boolean;
  /** What the monitor is about, without what changes from message to message. */
  name: string;
}

const TITLE_MARKS = 6;

/** Datadog writes `[P2] [Triggered on {host:a}] Name`: the marks in front come and go, the rest is the monitor's. */
export function readTitle(title: string): MonitorTitle {
  let rest = title.trim();
  let transition: string | undefined;
  let priority: string | undefined;
  let scope = '';
  let test = false;
  for (let count = 0; count < TITLE_MARKS; count += 1) {
    const mark = /^\[([^\]]{1,300})\]\s*/.exec(rest);
    const content = mark?.[1] ?? '';
    const plain = plainTransition(content);
    if (/^monitor alert$/i.test(content)) {
      ({ transition, rest } = wordInFront(rest.slice(mark?.[0].length ?? 0), transition));
      break;
    }
    if (/^test$/i.test(content)) test = true;
    else if (/^P[1-5]$/i.test(content)) priority = content.toUpperCase();
    else if (transition === undefined && actionOf(plain) !== undefined) {
      transition = plain;
      scope = / on (\{.*)$/.exec(content)?.[1] ?? '';
    } else break;
    rest = rest.slice(mark?.[0].length ?? 0);
  }
  return { transition, priority, test, name: scope === '' ? rest : `${rest} ${scope}` };
}

/** Old titles have the word after the mark: `[Monitor Alert] Recovered: CPU`. */
function wordInFront(text: string, known: string | undefined): { transition: string | undefined; rest: string } {
  const found = /^([A-Za-z -]{2,30}(?: on \{[^}]{0,200}\})?): +/.exec(text);
  const word = plainTransition(found?.[1] ?? '');
  if (found === null || actionOf(word) === undefined) return { transition: known, rest: text };
  return { transition: known ?? word, rest: text.slice(found[0].length) };
}

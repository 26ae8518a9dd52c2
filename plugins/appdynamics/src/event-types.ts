import type { EventAction, Severity } from '@patchbay/plugin-sdk';

export interface Meaning {
  action: EventAction;
  /** Only for a violation's own types, whose level goes before the event's severity. */
  level?: Severity;
}

/**
 * Types of health rule violations, https://docs.appdynamics.com/appd/latest/en/appdynamics-essentials/alert-and-respond,
 * and the words that templates for other products put in their place.
 */
const MEANINGS: Record<string, Meaning> = {
  policy_open: { action: 'trigger' },
  policy_open_warning: { action: 'trigger', level: 'warning' },
  policy_open_critical: { action: 'trigger', level: 'critical' },
  policy_upgraded: { action: 'trigger', level: 'critical' },
  policy_downgraded: { action: 'trigger', level: 'warning' },
  policy_continues: { action: 'trigger' },
  policy_continues_warning: { action: 'trigger', level: 'warning' },
  policy_continues_critical: { action: 'trigger', level: 'critical' },
  policy_close: { action: 'resolve' },
  policy_close_warning: { action: 'resolve', level: 'warning' },
  policy_close_critical: { action: 'resolve', level: 'critical' },
  policy_canceled: { action: 'resolve' },
  policy_canceled_warning: { action: 'resolve', level: 'warning' },
  policy_canceled_critical: { action: 'resolve', level: 'critical' },
  critical: { action: 'trigger', level: 'critical' },
  warning: { action: 'trigger', level: 'warning' },
  alert: { action: 'trigger' },
  trigger: { action: 'trigger' },
  triggered: { action: 'trigger' },
  open: { action: 'trigger' },
  firing: { action: 'trigger' },
  acknowledge: { action: 'acknowledge' },
  acknowledged: { action: 'acknowledge' },
  acknowledgement: { action: 'acknowledge' },
  recovery: { action: 'resolve' },
  resolve: { action: 'resolve' },
  resolved: { action: 'resolve' },
  close: { action: 'resolve' },
  closed: { action: 'resolve' },
  canceled: { action: 'resolve' },
  ok: { action: 'resolve' },
};

/** Anomalies go the way of violations under names of their own. */
export function meaningOf(type: string | undefined): Meaning | undefined {
  const word = (type?.trim().toLowerCase() ?? '').replace(/^(?:anomaly|health_rule)_/, 'policy_');
  return Object.hasOwn(MEANINGS, word) ? MEANINGS[word] : undefined;
}

/** Types of events that tell of a change, and of no problem. */
const CHANGES = new Set(['application_deployment', 'app_server_restart', 'application_config_change']);

/** True for a change that somebody made on purpose: a deployment, a restart, another configuration. */
export const isChange = (type: string | undefined): boolean => CHANGES.has(type?.trim().toLowerCase() ?? '');

/** What a type is called for people, like "Health Rule Violation Ended - Critical". */
const SPOKEN =
  /\b(violation|anomaly)\s+(started|upgraded|downgraded|continues|ended|closed|cancell?ed)(?:\s+-\s+(?:(?:warning|critical)\s+to\s+)?(warning|critical))?/i;

/** What the controller itself writes, like "Ongoing Critical Health Rule Violation". */
const SPOKEN_FIRST =
  /\b(new|ongoing|upgraded|downgraded|ended|closed|resolved|cancell?ed)\s+(?:(warning|critical)\s+)?health\s+rule\s+violation\b/i;

const SPOKEN_ACTIONS: Record<string, EventAction> = {
  ended: 'resolve',
  closed: 'resolve',
  resolved: 'resolve',
  canceled: 'resolve',
};

/** The meaning of a type's spoken name, which some templates have alone; `subject` is the name without what changes. */
export function spokenMeaning(name: string | undefined): (Meaning & { subject: string }) | undefined {
  const text = name ?? '';
  const ending = SPOKEN.exec(text);
  const found = ending ?? SPOKEN_FIRST.exec(text);
  if (found === null) return undefined;
  const [verb, level] = ending === null ? [found[1], found[2]] : [found[2], found[3]];
  const word = level?.toLowerCase();
  return {
    action: SPOKEN_ACTIONS[(verb ?? '').toLowerCase().replace('cancelled', 'canceled')] ?? 'trigger',
    ...(word === 'warning' || word === 'critical' ? { level: word } : {}),
    subject: text.replace(found[0], ending === null ? 'Health Rule violation' : 'violation'),
  };
}

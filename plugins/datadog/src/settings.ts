import { severityReader } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  /** The severity of an alert type, or of a priority when there is none. */
  /** Whether events that are no monitor's, and say no state, open incidents. */
  otherEvents: boolean;
  severity: (alertType: string | undefined, priority: string | undefined, transition: string | undefined) => Severity;
}

/** Datadog's alert types; its priorities P1 to P5 are words in common use. */
const ALERT_TYPES: Record<string, Severity> = {
  error: 'critical',
  warning: 'warning',
  warn: 'warning',
  info: 'info',
  success: 'info',
  user_update: 'info',
  snapshot: 'info',
  recommendation: 'info',
  // Severities of Datadog's own incidents.
  'sev-1': 'critical',
  'sev-2': 'error',
  'sev-3': 'warning',
  'sev-4': 'info',
  'sev-5': 'info',
};
const TRANSITIONS: Record<string, Severity> = { warn: 'warning', 'no data': 'warning' };

export function readSettings(configuration: Record<string, unknown>): Settings {
  const own = Object(configuration.severities) as Record<string, unknown>;
  const type = severityReader({ ...configuration, severities: { ...ALERT_TYPES, ...own } }, 'error');
  const priority = severityReader(configuration, 'error');
  return {
    otherEvents: configuration.otherEvents === 'incident',
    severity: (alertType, priorityName, transition) => {
      if (alertType !== undefined) return type(alertType);
      // Some templates and tools leave the letter out.
      if (priorityName !== undefined)
        return priority(
          /^[1-5]$/.test(priorityName) && !Object.hasOwn(own, priorityName) ? `P${priorityName}` : priorityName,
        );
      return (transition === undefined ? undefined : TRANSITIONS[transition]) ?? priority(undefined);
    },
  };
}

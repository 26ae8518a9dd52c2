import { severityReader } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: (word: unknown) => Severity;
  ignoreTests: boolean;
}

/** A policy's severity may be left open; Google then writes so, and the setting decides as if nothing were sent. */
export function readSettings(configuration: Record<string, unknown>): Settings {
  const severity = severityReader(configuration, 'critical');
  const isOpen = (word: unknown) =>
    typeof word === 'string' && ['no severity', 'severity_unspecified'].includes(word.trim().toLowerCase());
  return {
    severity: (word) => severity(isOpen(word) ? undefined : word),
    ignoreTests: configuration.testNotifications === 'ignore',
  };
}

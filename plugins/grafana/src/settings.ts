import { severityReader } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: (word: unknown) => Severity;
  ignoreTests: boolean;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  return {
    severity: severityReader(configuration, 'error'),
    ignoreTests: configuration.testNotifications === 'ignore',
  };
}

import { readMapping, severityReader } from '@patchbay/plugin-sdk';
import type { Mapping, Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: (word: unknown) => Severity;
  ignoreTests: boolean;
  mapping: Mapping;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  return {
    severity: severityReader(configuration, 'error'),
    ignoreTests: configuration.testNotifications === 'ignore',
    mapping: readMapping(configuration, 'honeycomb'),
  };
}

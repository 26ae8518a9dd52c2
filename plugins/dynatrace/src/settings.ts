import { readMapping, severityReader } from '@patchbay/plugin-sdk';
import type { Mapping, Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: (word: unknown) => Severity;
  ignoreTests: boolean;
  mapping: Mapping;
}

/** Dynatrace's severities of a problem; a custom alert is as bad as the operator's setting says. */
const SEVERITIES: Record<string, Severity> = {
  availability: 'critical',
  error: 'critical',
  performance: 'warning',
  resource_contention: 'warning',
  resource: 'warning',
  slowdown: 'warning',
  monitoring_unavailable: 'warning',
};

export function readSettings(configuration: Record<string, unknown>): Settings {
  const severities = { ...SEVERITIES, ...(Object(configuration.severities) as object) };
  return {
    severity: severityReader({ ...configuration, severities }, 'error'),
    ignoreTests: configuration.testNotifications === 'ignore',
    mapping: readMapping(configuration, 'dynatrace'),
  };
}

import { readMapping, severityReader } from '@patchbay/plugin-sdk';
import type { Mapping, Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: (priority: unknown) => Severity;
  mapping: Mapping;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  const severities = { downtime: 'critical', caution: 'warning', ...(Object(configuration.severities) as object) };
  return {
    severity: severityReader({ ...configuration, severities }, 'error'),
    mapping: readMapping(configuration, 'newrelic'),
  };
}

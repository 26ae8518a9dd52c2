import { branchFilter, severityReader } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  /** True for a branch that the operator wants to hear of. */
  wantsBranch: (branch: string) => boolean;
  issues: boolean;
  /** Of pipelines, jobs and deployments, for which GitLab has no severity. */
  failure: Severity;
  severity: (word: unknown) => Severity;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  const severity = severityReader(configuration, 'error');
  return {
    wantsBranch: branchFilter(configuration.branches),
    issues: configuration.issues !== false,
    failure: severity(undefined),
    severity,
  };
}

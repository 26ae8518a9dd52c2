import { severityOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: Severity;
  /** What messages about one problem have in common. */
  groupBy: 'address' | 'domain' | 'category';
}

export function readSettings({ defaultSeverity, groupBy }: Record<string, unknown>): Settings {
  return {
    severity: severityOf(defaultSeverity) ?? 'warning',
    groupBy: groupBy === 'domain' || groupBy === 'category' ? groupBy : 'address',
  };
}

import { severityOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  /** Of failed messages and calls. */
  severity: Severity;
  /** What failures of messages and calls have in common to be one problem. */
  groupBy: 'message' | 'sender' | 'error';
}

export function readSettings({ defaultSeverity, groupBy }: Record<string, unknown>): Settings {
  return {
    severity: severityOf(defaultSeverity) ?? 'warning',
    groupBy: groupBy === 'sender' || groupBy === 'error' ? groupBy : 'message',
  };
}

import { severityReader } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  severity: (word: unknown) => Severity;
  /** The same for the level of an activity log's event. */
  level: (level: unknown) => Severity;
}

const SEVERITIES: Record<string, Severity> = {
  sev0: 'critical',
  sev1: 'error',
  sev2: 'warning',
  sev3: 'info',
  sev4: 'info',
  verbose: 'info',
};

/** Microsoft's levels of an event, which some senders write as numbers: they do not begin at the same end. */
const LEVELS: Record<string, Severity> = {
  '1': 'critical',
  '2': 'error',
  '3': 'warning',
  '4': 'info',
  verbose: 'info',
};

export function readSettings(configuration: Record<string, unknown>): Settings {
  const own = (table: Record<string, Severity>) =>
    severityReader({ ...configuration, severities: { ...table, ...Object(configuration.severities) } }, 'warning');
  const severity = own(SEVERITIES);
  return { severity: (word) => severity(bare(word)), level: own(LEVELS) };
}

/** A digit and `Sev` with a digit are the same to an operator who maps one of them. */
function bare(word: unknown): unknown {
  const digit = /^(?:sev(?:erity)?)?\s*([0-4])$/i.exec(String(word).trim())?.[1];
  return digit === undefined ? word : `Sev${digit}`;
}

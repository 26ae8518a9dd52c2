import { severityOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  defaultSeverity: Severity;
  /** The operator's own, by type of event. */
  meanings: Map<string, Severity | 'resolve' | 'ignore'>;
  ignoreTestMode: boolean;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  const meanings: Settings['meanings'] = new Map();
  for (const [type, word] of Object.entries(Object(configuration.events) as Record<string, unknown>)) {
    const meaning = word === 'resolve' || word === 'ignore' ? word : severityOf(word);
    if (meaning !== undefined) meanings.set(type.trim(), meaning);
  }
  return {
    defaultSeverity: severityOf(configuration.defaultSeverity) ?? 'error',
    meanings,
    ignoreTestMode: configuration.testMode === 'ignore',
  };
}

import { severityOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';
import type { Settings } from './reading.ts';

export function readSettings(configuration: Record<string, unknown>): Settings {
  const fallback = severityOf(configuration.defaultSeverity) ?? 'critical';
  const beginnings = severitiesByName(configuration.severityByName);
  return {
    alarmSeverity: (name) => beginnings.find(([beginning]) => name.startsWith(beginning))?.[1] ?? fallback,
    insufficientData: configuration.insufficientData === 'incident' ? 'incident' : 'ignore',
    otherMessages: configuration.otherMessages === 'ignore' ? 'ignore' : 'incident',
  };
}

/** The longest beginning first, so that `prod-db-` wins over `prod-`. */
function severitiesByName(setting: unknown): [beginning: string, severity: Severity][] {
  if (typeof setting !== 'object' || setting === null) return [];
  return Object.entries(setting)
    .flatMap(([beginning, word]): [string, Severity][] => {
      const severity = severityOf(word);
      return severity === undefined || beginning === '' ? [] : [[beginning, severity]];
    })
    .sort(([a], [b]) => b.length - a.length);
}

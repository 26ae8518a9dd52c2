import { severityReader } from '@patchbay/plugin-sdk';
import type { EventAction, Severity } from '@patchbay/plugin-sdk';

/** Which rows are alerts, in terms of tables and columns. */
export interface Settings {
  tables: string[];
  stateColumn: string;
  states: Map<string, EventAction | 'ignore'>;
  keyColumns: string[];
  summaryColumns: string[];
  severityColumn: string;
  severity: (word: unknown) => Severity;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  return {
    tables: names(configuration.tables),
    stateColumn: name(configuration.stateColumn),
    states: statesOf(configuration.states),
    keyColumns: names(configuration.keyColumns),
    summaryColumns: names(configuration.summaryColumns),
    severityColumn: name(configuration.severityColumn),
    severity: severityReader(configuration, 'error'),
  };
}

function name(setting: unknown): string {
  return typeof setting === 'string' ? setting.trim() : '';
}

function names(setting: unknown): string[] {
  const list: unknown[] = Array.isArray(setting) ? setting : [];
  return list.map(name).filter((entry) => entry !== '');
}

function statesOf(setting: unknown): Settings['states'] {
  const states: Settings['states'] = new Map();
  for (const [state, word] of Object.entries(Object(setting) as Record<string, unknown>))
    if (word === 'trigger' || word === 'acknowledge' || word === 'resolve' || word === 'ignore')
      states.set(state.trim().toLowerCase(), word);
  return states;
}

import { dedupKey, detailsOf, eventOf, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Issue, Reading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';
import type { RowChange } from './supabase.schema.ts';

type Row = Record<string, unknown>;

/** What becomes of a changed row: only the settings say which rows of which tables are alerts. */
export function rowEvent(change: RowChange, settings: Settings): Reading | { issues: Issue[] } {
  const table = `${textOf(change.schema) ?? 'public'}.${change.table}`;
  if (!settings.tables.some((wanted) => wanted === table || wanted === change.table))
    return { ignored: `The table ${table.slice(0, 120)} is not among the tables of the settings` };
  const row = change.record ?? change.old_record ?? {};
  const action = actionOf(change, row, settings);
  if ('ignored' in action) return action;
  if ('issues' in action) return action;
  const key = settings.keyColumns.map((column) => cell(row, column));
  const missing = key.findIndex((value) => value === undefined);
  if (missing >= 0)
    return {
      issues: [{ path: `record.${settings.keyColumns[missing] ?? ''}`, message: 'There is no value for the key' }],
    };
  const texts = settings.summaryColumns.flatMap((column) => cell(row, column) ?? []);
  return eventOf({
    action: action.action,
    key: dedupKey('supabase', table, ...key.map(String)),
    summary: [texts.length > 0 ? `${table}: ${texts.join(': ')}` : `${table}: ${change.type} ${key.join(' ')}`],
    source: [table],
    severity: settings.severity(valueOf(row, settings.severityColumn)),
    kind: change.type.toLowerCase(),
    component: change.table,
    group: change.schema,
    timestamp: cell(row, 'updated_at') ?? cell(row, 'created_at'),
    links: [],
    details: { type: change.type, table, record: detailsOf(row) },
  });
}

function actionOf(
  { type }: RowChange,
  row: Row,
  { stateColumn, states }: Settings,
): { action: EventAction } | { ignored: string } | { issues: Issue[] } {
  if (type === 'TRUNCATE') return { ignored: 'A table that was emptied says nothing about one row' };
  if (type === 'DELETE') return { action: 'resolve' };
  if (stateColumn === '') return { action: 'trigger' };
  const value = valueOf(row, stateColumn);
  const state =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null';
  const action = states.get(state.trim().toLowerCase());
  if (action === 'ignore') return { ignored: `The state "${state.slice(0, 100)}" is no alert` };
  if (action !== undefined) return { action };
  return {
    issues: [
      {
        path: `record.${stateColumn}`.slice(0, 512),
        message: `The state "${state.slice(0, 100)}" is not in the settings`,
      },
    ],
  };
}

function valueOf(row: Row, column: string): unknown {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

function cell(row: Row, column: string): string | undefined {
  return textOf(valueOf(row, column));
}

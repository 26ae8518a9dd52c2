import type { Configuration, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { useMemo, useState } from 'react';
import type { DraftValue, SettingsDraft } from './settings-draft.ts';
import { configurationOf, draftOf } from './settings-draft.ts';
import { settingsIssues } from './settings-issues.ts';

export interface SettingsState {
  schema: ConfigurationSchema;
  draft: SettingsDraft;
  /** What to show below each field now: fields that were left, and all of them after a failed submit. */
  shownIssues: Record<string, string>;
  configuration: Configuration;
  changed: boolean;
  change: (name: string, value: DraftValue) => void;
  leave: (name: string) => void;
  /** Shows every issue; true when there is none. */
  check: () => boolean;
  /** Issues that the server found, by field; they stay until the field changes. */
  refuse: (issues: Record<string, string>) => void;
  /** Takes the present values as stored. */
  settle: () => void;
}

/** The state of a settings form: when to complain is decided here, not in each field. */
export function useSettingsDraft(schema: ConfigurationSchema, stored: Configuration = {}): SettingsState {
  const [draft, setDraft] = useState(() => draftOf(schema, stored));
  const [settled, setSettled] = useState(draft);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Record<string, string>>({});
  const issues = useMemo(() => settingsIssues(schema, draft), [schema, draft]);
  const shownIssues = {
    ...refused,
    ...Object.fromEntries(Object.entries(issues).filter(([name]) => left.has(name))),
  };
  return {
    schema,
    draft,
    shownIssues,
    configuration: useMemo(() => configurationOf(schema, draft), [schema, draft]),
    changed: JSON.stringify(draft) !== JSON.stringify(settled),
    change(name, value) {
      setDraft((before) => ({ ...before, [name]: value }));
      setRefused(({ [name]: _gone, ...rest }) => rest);
    },
    leave: (name) => setLeft((before) => new Set(before).add(name)),
    check() {
      setLeft(new Set(Object.keys(schema.properties)));
      return Object.keys(issues).length === 0;
    },
    refuse: setRefused,
    settle: () => setSettled(draft),
  };
}

/** The id of a field's control, so that the first wrong one can be focused. */
export function fieldId(name: string): string {
  return `setting-${name}`;
}

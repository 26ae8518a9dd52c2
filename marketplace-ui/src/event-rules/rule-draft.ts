import { ruleFields, type EventRule, type RuleChange } from '@patchbay/plugin-sdk/contract/event-rules';
import { fieldErrors } from '../api/api-error.ts';

/** The choice that stands for any name below custom_details. */
export const DETAIL = 'custom_details';
export const fieldChoices = [...ruleFields, DETAIL] as const;

export interface ChangeDraft {
  field: string;
  /** The name below custom_details. */
  detail: string;
  kind: 'value' | 'expression';
  text: string;
  /** What the text was made of, where that was no text. */
  given?: number | boolean;
}

/** A rule while it is edited. */
export interface RuleDraft {
  name: string;
  when: string;
  action: 'drop' | 'set';
  changes: ChangeDraft[];
}

export const emptyChange: ChangeDraft = { field: 'severity', detail: '', kind: 'value', text: '' };

export function ruleDraft(rule?: EventRule): RuleDraft {
  if (rule === undefined) return { name: '', when: '', action: 'drop', changes: [emptyChange] };
  const { name, when, then } = rule;
  const changes = then.action === 'set' ? then.changes.map(changeDraft) : [emptyChange];
  return { name, when, action: then.action, changes };
}

function changeDraft(change: RuleChange): ChangeDraft {
  const [field = '', detail = ''] = change.field.startsWith(`${DETAIL}.`)
    ? [DETAIL, change.field.slice(DETAIL.length + 1)]
    : [change.field];
  if ('expression' in change) return { field, detail, kind: 'expression', text: change.expression };
  const { value } = change;
  return { field, detail, kind: 'value', text: String(value), ...(typeof value === 'string' ? {} : { given: value }) };
}

export function ruleOf({ name, when, action, changes }: RuleDraft): EventRule {
  const then = action === 'drop' ? { action } : { action, changes: changes.map(changeOf) };
  return { name: name.trim(), when: when.trim(), then };
}

function changeOf({ field, detail, kind, text, given }: ChangeDraft): RuleChange {
  const name = field === DETAIL ? `${DETAIL}.${detail.trim()}` : field;
  if (kind === 'expression') return { field: name, expression: text.trim() };
  return { field: name, value: given !== undefined && String(given) === text ? given : text };
}

/** What is wrong, by `name`, `when` and `changes.INDEX`, before the host is asked. */
export function draftIssues(draft: RuleDraft, otherNames: readonly string[]): Record<string, string> {
  const issues: Record<string, string> = {};
  const name = draft.name.trim();
  if (name === '') issues['name'] = 'Give the rule a name: the request log calls it by that.';
  else if (otherNames.includes(name)) issues['name'] = 'Another rule has this name.';
  if (draft.when.trim() === '') issues['when'] = 'Enter a condition; “true” takes every event.';
  if (draft.action === 'set')
    for (const [at, { field, detail, kind, text }] of draft.changes.entries()) {
      if (field === DETAIL && !/^\w[\w -]{0,63}$/.test(detail.trim()))
        issues[`changes.${at}`] = 'Name the detail with letters, digits, spaces, “_” or “-”.';
      else if (kind === 'expression' && text.trim() === '') issues[`changes.${at}`] = 'Enter an expression.';
    }
  return issues;
}

/** What the host says of the rule at `index`, by the same names. */
export function hostIssues(error: unknown, index: number): Record<string, string> {
  const issues: Record<string, string> = {};
  for (const [path, message] of Object.entries(fieldErrors(error))) {
    const [first, at, part = '', ...rest] = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
    if (first !== 'rules' || at !== String(index)) continue;
    issues[part === 'then' ? `changes.${rest[1] ?? '0'}` : part] ??= message;
  }
  return issues;
}

/** What a rule does, in words. */
export function actWords({ then }: EventRule): string {
  if (then.action === 'drop') return 'Drop the event';
  const parts = then.changes.map((change) =>
    'expression' in change
      ? `${change.field} = ${change.expression}`
      : `${change.field} = ${JSON.stringify(change.value)}`,
  );
  return `Set ${parts.join(', ')}`;
}

/** The list with the rule at `from` at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

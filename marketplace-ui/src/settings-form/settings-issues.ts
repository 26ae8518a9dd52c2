import type { ConfigurationField, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import type { DraftValue, SettingsDraft } from './settings-draft.ts';
import { isEntryList, valueOf } from './settings-draft.ts';

/** A pattern comes from a stranger's manifest: it is tried on short text only, the server judges the rest. */
const PATTERN_TRY_CHARS = 256;

/** Field name to what is wrong with it, in words; empty when the form may be sent. */
export function settingsIssues(schema: ConfigurationSchema, draft: SettingsDraft): Record<string, string> {
  const issues: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const issue = fieldIssue(field, draft[name], schema.required.includes(name));
    if (issue !== null) issues[name] = issue;
  }
  return issues;
}

/** What is wrong with one field, or null. An empty field with a default is fine: the default counts. */
export function fieldIssue(field: ConfigurationField, draft: DraftValue | undefined, required: boolean): string | null {
  if (field.type === 'object') {
    const issue = entriesIssue(draft);
    if (issue !== null) return issue;
  }
  const value = valueOf(field, draft);
  if (value === undefined) return required && field.default === undefined ? 'Fill this in.' : null;
  switch (field.type) {
    case 'string':
      return textIssue(field, String(value));
    case 'integer':
    case 'number':
      return numberIssue(field, value);
    case 'array':
      return field.maxItems !== undefined && Array.isArray(value) && value.length > field.maxItems
        ? `Enter at most ${field.maxItems} lines; there are ${value.length}.`
        : null;
    case 'boolean':
    case 'object':
      return null;
  }
}

function textIssue(field: Extract<ConfigurationField, { type: 'string' }>, text: string): string | null {
  if (field.enum !== undefined && !field.enum.includes(text)) return `Choose one of: ${field.enum.join(', ')}.`;
  const length = [...text].length;
  if (field.minLength !== undefined && length < field.minLength) return `Enter at least ${field.minLength} characters.`;
  if (field.maxLength !== undefined && length > field.maxLength)
    return `Enter at most ${field.maxLength} characters; there are ${length}.`;
  if (field.format === 'uri' && !isWebAddress(text))
    return 'Enter a full address that starts with https://, such as https://example.com.';
  if (field.format === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    return 'Enter an e-mail address, such as you@example.com.';
  if (field.pattern !== undefined && length <= PATTERN_TRY_CHARS && !matches(field.pattern, text)) {
    const example = field.examples?.[0];
    return example === undefined ? `This does not match the form ${field.pattern}.` : `Write it like ${example}.`;
  }
  return null;
}

function numberIssue(
  field: Extract<ConfigurationField, { type: 'integer' | 'number' }>,
  value: unknown,
): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Enter a number.';
  if (field.type === 'integer' && !Number.isInteger(value)) return 'Enter a whole number.';
  if (field.minimum !== undefined && value < field.minimum) return `Enter ${field.minimum} or more.`;
  if (field.maximum !== undefined && value > field.maximum) return `Enter ${field.maximum} or less.`;
  return null;
}

function entriesIssue(draft: DraftValue | undefined): string | null {
  if (!isEntryList(draft)) return null;
  const names = draft.filter(({ key, value }) => key.trim() !== '' || value !== '').map(({ key }) => key.trim());
  if (names.includes('')) return 'Every row needs a name; fill it in or remove the row.';
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `"${twice}" is there twice; each name counts once.`;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { ConfigurationField, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import type { DraftValue, SettingsDraft } from './settings-draft.ts';
import { configurationOf, isEntryList } from './settings-draft.ts';

/** A pattern comes from a stranger's manifest and is a hint for the form only: it is tried on short text. */
const PATTERN_TRY_CHARS = 256;

/**
 * Field name to what is wrong with it, in words; empty when the form may be sent. What the contract refuses is refused
 * here too, by the same code; on top come what only a form can have (rows without a name) and the author's pattern.
 */
export function settingsIssues(schema: ConfigurationSchema, draft: SettingsDraft): Record<string, string> {
  const values = configurationOf(schema, draft);
  const check = checkConfiguration(schema, values);
  const issues: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const own =
      missingIssue(schema, name, values[name]) ?? rowsIssue(field, draft[name]) ?? patternIssue(field, values[name]);
    if (own !== null) issues[name] = own;
  }
  for (const { path, message } of check.ok ? [] : check.issues) {
    const name = path.split(/[.[]/)[0] ?? path;
    issues[name] ??= `${message}.`;
  }
  return issues;
}

function missingIssue(schema: ConfigurationSchema, name: string, value: unknown): string | null {
  const hasDefault = schema.properties[name]?.default !== undefined;
  return value === undefined && schema.required.includes(name) && !hasDefault ? 'Fill this in.' : null;
}

function rowsIssue(field: ConfigurationField, draft: DraftValue | undefined): string | null {
  if (field.type !== 'object' || !isEntryList(draft)) return null;
  const names = draft.filter(({ key, value }) => key.trim() !== '' || value !== '').map(({ key }) => key.trim());
  if (names.includes('')) return 'Every row needs a name; fill it in or remove the row.';
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `"${twice}" is there twice; each name counts once.`;
}

function patternIssue(field: ConfigurationField, value: unknown): string | null {
  if (field.type !== 'string' || field.pattern === undefined || typeof value !== 'string') return null;
  if (value.length > PATTERN_TRY_CHARS || matches(field.pattern, value)) return null;
  const example = field.examples?.[0];
  return example === undefined ? `This does not match the form ${field.pattern}.` : `Write it like ${example}.`;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

import type {
  Configuration,
  ConfigurationField,
  ConfigurationSchema,
} from '@patchbay/plugin-sdk/contract/configuration';

/** One row of a map from text to text, while it is being typed. */
export interface MapEntry {
  key: string;
  value: string;
}

/** What a form control holds: numbers may be text that is not a number yet, maps are rows in the order typed. */
export type DraftValue = string | number | boolean | string[] | MapEntry[];
export type SettingsDraft = Record<string, DraftValue>;

/** The draft that a form starts with: stored values first, then the manifest's defaults, then empty controls. */
export function draftOf(schema: ConfigurationSchema, values: Configuration = {}): SettingsDraft {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, field]) => [
      name,
      draftValue(field, Object.hasOwn(values, name) ? values[name] : undefined),
    ]),
  );
}

/**
 * The configuration that a draft stands for. An empty text, number, list or map is left out, so that the manifest's
 * default counts; a switch is always sent, because both of its positions are a choice.
 */
export function configurationOf(schema: ConfigurationSchema, draft: SettingsDraft): Configuration {
  const configuration: Configuration = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const value = valueOf(field, draft[name]);
    if (value !== undefined) configuration[name] = value;
  }
  return configuration;
}

/** The value of one field as JSON, or undefined when the control is empty. */
export function valueOf(field: ConfigurationField, draft: DraftValue | undefined): unknown {
  switch (field.type) {
    case 'boolean':
      return draft === true;
    case 'integer':
    case 'number': {
      if (typeof draft === 'number') return draft;
      if (typeof draft !== 'string' || draft.trim() === '') return undefined;
      const number = Number(draft);
      return Number.isNaN(number) ? draft : number;
    }
    case 'array': {
      const items = isTextList(draft) ? draft.map((item) => item.trim()).filter((item) => item !== '') : [];
      return items.length === 0 ? undefined : items;
    }
    case 'object': {
      const entries = isEntryList(draft) ? draft.filter(({ key, value }) => key.trim() !== '' || value !== '') : [];
      return entries.length === 0
        ? undefined
        : Object.fromEntries(entries.map(({ key, value }) => [key.trim(), value]));
    }
    case 'string':
      return typeof draft === 'string' && draft !== '' ? draft : undefined;
  }
}

function draftValue(field: ConfigurationField, stored: unknown): DraftValue {
  const value = stored ?? field.default;
  switch (field.type) {
    case 'boolean':
      return value === true;
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : '';
    case 'array':
      return Array.isArray(value) ? value.map(String) : [];
    case 'object':
      return typeof value === 'object' && value !== null
        ? Object.entries(value).map(([key, text]) => ({ key, value: String(text) }))
        : [];
    case 'string':
      return typeof value === 'string' ? value : '';
  }
}

export function isTextList(draft: DraftValue | undefined): draft is string[] {
  return Array.isArray(draft) && draft.every((item) => typeof item === 'string');
}

export function isEntryList(draft: DraftValue | undefined): draft is MapEntry[] {
  return Array.isArray(draft) && draft.every((item) => typeof item === 'object');
}

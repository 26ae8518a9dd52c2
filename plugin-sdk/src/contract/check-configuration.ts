import type { Configuration, ConfigurationField, ConfigurationSchema } from './configuration.ts';
import type { Issue } from './envelopes.ts';

export type ConfigurationCheck = { ok: true; values: Configuration } | { ok: false; issues: Issue[] };

/**
 * Checks the values of a settings form against its schema and fills in defaults. Every issue is reported at once;
 * fields that the schema does not name are refused, so that a typing error is not a silent default.
 *
 * A field's `pattern` is the plugin author's and is not run: expressions from outside may take for ever. It is for
 * the form in the author's interface; what must hold is checked by the plugin.
 *
 * @param values field names to values; an empty text in an optional field counts as left out
 */
export function checkConfiguration(schema: ConfigurationSchema, values: unknown): ConfigurationCheck {
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    return { ok: false, issues: [{ path: '', message: 'Expected an object of settings' }] };
  const given = values as Record<string, unknown>;
  const issues: Issue[] = [];
  const checked: Configuration = {};
  for (const name of Object.keys(given))
    if (!Object.hasOwn(schema.properties, name))
      issues.push({ path: name.slice(0, 512), message: 'There is no such setting' });
  for (const [name, field] of Object.entries(schema.properties)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const required = schema.required.includes(name);
    if (value === undefined || value === null || (value === '' && (required || field.default !== undefined))) {
      if (field.default !== undefined) checked[name] = field.default;
      else if (required) issues.push({ path: name, message: `${field.title} is required` });
      continue;
    }
    const found = checkField(name, field, value);
    if (found.length === 0) checked[name] = value;
    else issues.push(...found);
  }
  return issues.length === 0 ? { ok: true, values: checked } : { ok: false, issues };
}

const TEXT_CHARS = 10_000;
const ENTRIES = 100;

function checkField(name: string, field: ConfigurationField, value: unknown): Issue[] {
  const refuse = (message: string, path = name): Issue[] => [{ path, message }];
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? checkText(name, field, value) : refuse('Expected text');
    case 'integer':
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return refuse('Expected a number');
      if (field.type === 'integer' && !Number.isInteger(value)) return refuse('Expected a whole number');
      if (field.minimum !== undefined && value < field.minimum) return refuse(`Expected at least ${field.minimum}`);
      if (field.maximum !== undefined && value > field.maximum) return refuse(`Expected at most ${field.maximum}`);
      return [];
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : refuse('Expected true or false');
    case 'array': {
      if (!Array.isArray(value)) return refuse('Expected a list');
      const most = field.maxItems ?? ENTRIES;
      if (value.length > most) return refuse(`Expected at most ${most} entries`);
      return value.flatMap((entry, index) => (isText(entry) ? [] : refuse('Expected text', `${name}[${index}]`)));
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return refuse('Expected names and texts');
      const entries = Object.entries(value);
      if (entries.length > ENTRIES) return refuse(`Expected at most ${ENTRIES} entries`);
      return entries.flatMap(([key, entry]) =>
        isText(key) && isText(entry) ? [] : refuse('Expected text', `${name}.${key.slice(0, 100)}`),
      );
    }
  }
}

function checkText(name: string, field: Extract<ConfigurationField, { type: 'string' }>, value: string): Issue[] {
  const refuse = (message: string): Issue[] => [{ path: name, message }];
  const most = field.maxLength ?? TEXT_CHARS;
  if (value.length > most) return refuse(`Expected at most ${most} characters`);
  if (field.minLength !== undefined && value.length < field.minLength)
    return refuse(`Expected at least ${field.minLength} characters`);
  if (field.enum !== undefined && !field.enum.includes(value))
    return refuse(`Expected one of: ${field.enum.join(', ').slice(0, 400)}`);
  if (field.format === 'uri' && !isHttpUrl(value)) return refuse('Expected an http or https URL');
  if (field.format === 'email' && !/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(value)) return refuse('Expected a mail address');
  return [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_CHARS;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+/i.test(text) && text.length <= 2048;
}

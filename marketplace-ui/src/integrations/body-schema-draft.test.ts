import { expect, test } from 'vitest';
import { readBodySchema, schemaText } from './body-schema-draft.ts';

test('no text is no schema, and a schema comes back as it was saved', () => {
  expect(readBodySchema(schemaText(null))).toEqual({ ok: true, schema: null });
  const schema = { type: 'object', required: ['team'] };
  expect(readBodySchema(schemaText(schema))).toEqual({ ok: true, schema });
});

test.each(['{', '[]', '1', 'null'])('%s is no schema', (text) => {
  expect(readBodySchema(text).ok).toBe(false);
});

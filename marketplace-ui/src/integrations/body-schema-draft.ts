type Schema = Record<string, unknown>;

export function schemaText(schema: Schema | null): string {
  return schema === null ? '' : JSON.stringify(schema, null, 2);
}

/** The schema that a text stands for; the host looks whether it can be run. */
export function readBodySchema(text: string): { ok: true; schema: Schema | null } | { ok: false; issue: string } {
  if (text.trim() === '') return { ok: true, schema: null };
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ok: true, schema: value as Schema };
  } catch {
    return { ok: false, issue: 'This is not JSON yet.' };
  }
  return { ok: false, issue: 'Enter an object: { … }.' };
}

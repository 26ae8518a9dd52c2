import type { $ZodType, output } from 'zod/v4/core';
import type { Issue } from '../contract/envelopes.ts';

/**
 * What stands in a compiled plugin where its source has a zod schema: the compiler replaces every module named
 * `*.schema.ts` by functions generated from its schemas, so that no schema library runs in a call.
 *
 * Adds to `issues` what is wrong with the value; defaults of the schema are written into it.
 */
export type Validator = (value: unknown, issues: Issue[]) => void;

/** As an author sees it: a zod schema from a `*.schema.ts` module. */
export type Schema = $ZodType;
export type Parsed<S extends Schema> = output<S>;

export function issuesOf(schema: Schema, value: unknown): Issue[] {
  if (typeof schema !== 'function')
    throw new TypeError('A schema must be an export of a module whose name ends in .schema.ts');
  const issues: Issue[] = [];
  (schema as unknown as Validator)(value, issues);
  return issues;
}

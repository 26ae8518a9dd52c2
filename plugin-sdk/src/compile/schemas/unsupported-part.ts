import type { $ZodType } from 'zod/v4/core';

/** What validators can be generated for; everything else has no counterpart in JSON Schema, or changes the value. */
const types = new Set([
  'string',
  'number',
  'int',
  'boolean',
  'null',
  'any',
  'unknown',
  'never',
  'array',
  'tuple',
  'object',
  'record',
  'union',
  'intersection',
  'enum',
  'literal',
  'optional',
  'nullable',
  'nonoptional',
  'default',
  'readonly',
  'lazy',
]);

const checks = new Set([
  'min_length',
  'max_length',
  'length_equals',
  'less_than',
  'greater_than',
  'multiple_of',
  'number_format',
  'string_format',
]);

/** The parts of a zod definition that this walk reads; which of them are there depends on `type`. */
interface Definition {
  type: string;
  check?: string;
  format?: string;
  pattern?: RegExp;
  coerce?: boolean;
  checks?: { _zod: { def: Definition } }[];
  innerType?: $ZodType;
  element?: $ZodType;
  shape?: Record<string, $ZodType>;
  catchall?: $ZodType;
  options?: $ZodType[];
  keyType?: $ZodType;
  valueType?: $ZodType;
  left?: $ZodType;
  right?: $ZodType;
  items?: $ZodType[];
  rest?: $ZodType | null;
  getter?: () => $ZodType;
}

/** A sentence about the first part of the schema that no validator can be generated for, or undefined. */
export function unsupportedPart(schema: $ZodType): string | undefined {
  const seen = new Set<unknown>();
  const walk = (part: $ZodType, path: string): string | undefined => {
    if (seen.has(part)) return undefined;
    seen.add(part);
    const definition = part._zod.def as unknown as Definition;
    const problem = problemOf(definition);
    if (problem !== undefined) return `${problem}${path === '' ? '' : ` (at ${path})`}`;
    for (const [step, child] of children(definition)) {
      const found = walk(child, path + step);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(schema, '');
}

function problemOf(definition: Definition): string | undefined {
  if (!types.has(definition.type)) return `z.${definition.type}() has no generated validator`;
  if (definition.coerce) return 'coercion changes the value; a validator only checks it';
  for (const check of [...(definition.check === undefined ? [] : [definition]), ...checkDefinitions(definition)]) {
    if (!checks.has(check.check ?? ''))
      return `the check "${check.check}" (refine, trim and the like) is not supported`;
    if (check.check === 'string_format' && !(check.pattern instanceof RegExp) && check.format !== 'url')
      return `the string format "${check.format}" has no pattern`;
  }
  return undefined;
}

function checkDefinitions(definition: Definition): Definition[] {
  return (definition.checks ?? []).map((check) => check._zod.def);
}

function children(definition: Definition): [step: string, child: $ZodType][] {
  const found: [string, $ZodType | null | undefined][] = [
    ...Object.entries(definition.shape ?? {}).map(([key, child]): [string, $ZodType] => [`.${key}`, child]),
    ...(definition.options ?? []).map((child, index): [string, $ZodType] => [`|${index}`, child]),
    ...(definition.items ?? []).map((child, index): [string, $ZodType] => [`[${index}]`, child]),
    ['', definition.innerType],
    ['[]', definition.element],
    ['.*', definition.catchall],
    ['.*', definition.keyType],
    ['.*', definition.valueType],
    ['', definition.left],
    ['', definition.right],
    ['[]', definition.rest],
    ['', definition.getter?.()],
  ];
  return found.filter((entry): entry is [string, $ZodType] => entry[1] !== undefined && entry[1] !== null);
}

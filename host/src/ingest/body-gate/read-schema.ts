import { z } from 'zod';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';

/** JSON Schema that may be run in this process: a finite tree of keywords whose work is known beforehand. */
interface ReadSchema {
  readonly schema: Json;
  readonly dialect: Dialect;
  /** What looking at one value costs: schemas in the tree, and what is compared with. */
  readonly work: number;
}

type Json = boolean | { [keyword: string]: unknown };
type Dialect = (typeof dialects)[keyof typeof dialects];

/** So much of a list of values counts as a schema. */
const COMPARED_CHARS = 16;
const ISSUES = 20;
const dialects = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'http://json-schema.org/draft-07/schema': '7',
} as const;

type Keyword = 'schema' | 'schemas' | 'schemaOrSchemas' | 'named' | 'ignored' | 'reference' | z.ZodType;
const count = z.int().min(0);
const texts = z.array(z.string());
const type = z.enum(['null', 'boolean', 'object', 'array', 'number', 'integer', 'string']);

const keywords: Readonly<Record<string, Keyword>> = {
  $ref: 'reference',
  ...each('ignored', '$schema', '$comment', '$defs', 'definitions', 'title', 'description', 'default', 'examples'),
  ...each('ignored', 'deprecated', 'readOnly', 'writeOnly'),
  ...each('schema', 'not', 'if', 'then', 'else', 'contains', 'additionalProperties', 'additionalItems'),
  ...each('schema', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'),
  ...each('schemas', 'allOf', 'anyOf', 'oneOf', 'prefixItems'),
  ...each('named', 'properties', 'dependentSchemas'),
  items: 'schemaOrSchemas',
  ...each(z.number(), 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'),
  ...each(count, 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'),
  ...each(count, 'minContains', 'maxContains'),
  multipleOf: z.number().positive(),
  type: z.union([type, z.array(type).min(1)]),
  required: texts,
  dependentRequired: z.record(z.string(), texts),
  enum: z.array(z.unknown()).min(1),
  const: z.unknown(),
};

const EXPRESSION = 'Regular expressions are not run here; list what is allowed with "enum", or leave it to a rule';
const refused: Readonly<Record<string, string>> = {
  ...each(EXPRESSION, 'pattern', 'patternProperties', 'format'),
  uniqueItems: 'It compares every entry with every other, which takes too long',
  ...each('Only "$ref" to a place in this schema is supported', '$id', '$anchor', '$dynamicRef', '$dynamicAnchor'),
};

/** Reads an operator's schema; what cannot be run in bounded time is an issue with its path, as is a typing error. */
export function readSchema(
  input: Record<string, unknown>,
): { ok: true; value: ReadSchema } | { ok: false; issues: Issue[] } {
  const issues: Issue[] = [];
  let size = 0;
  let compared = 0;

  function read(value: unknown, path: string, inside: readonly string[]): Json {
    size += 1;
    if (typeof value === 'boolean') return value;
    if (size > ingestLimits.schemaSize) return true;
    if (inside.length > ingestLimits.schemaDepth) return refuse(path, 'This is nested too deep');
    if (!isRecord(value)) return refuse(path, 'Expected a schema');
    const out: Record<string, unknown> = {};
    for (const [keyword, content] of Object.entries(value)) {
      const at = path === '' ? keyword : `${path}.${keyword}`;
      const kind = own(keywords, keyword);
      const nested = (part: unknown, name: string) => read(part, `${at}${name}`, [...inside, '']);
      if (kind === undefined) refuse(at, own(refused, keyword) ?? 'This keyword is not known');
      else if (kind === 'schema') out[keyword] = nested(content, '');
      else if (kind === 'named')
        out[keyword] = isRecord(content)
          ? Object.fromEntries(Object.entries(content).map(([name, part]) => [name, nested(part, `.${name}`)]))
          : refuse(at, 'Expected an object of schemas');
      else if (kind === 'schemas' || (kind === 'schemaOrSchemas' && Array.isArray(content)))
        out[keyword] = Array.isArray(content)
          ? content.map((part, index) => nested(part, `[${index}]`))
          : refuse(at, 'Expected a list of schemas');
      else if (kind === 'schemaOrSchemas') out[keyword] = nested(content, '');
      else if (kind !== 'ignored' && kind !== 'reference') {
        const parsed = kind.safeParse(content);
        if (parsed.success) {
          out[keyword] = content;
          compared += JSON.stringify(content).length / COMPARED_CHARS;
        } else refuse(at, parsed.error.issues[0]?.message ?? 'Expected another value');
      }
    }
    if (Object.hasOwn(value, '$ref')) {
      const target = follow(value['$ref'], path === '' ? '$ref' : `${path}.$ref`, inside);
      out['allOf'] = [...(Array.isArray(out['allOf']) ? (out['allOf'] as Json[]) : []), target];
    }
    return out;
  }

  /** What a reference stands for, in its place; one that leads back to itself has no end. */
  function follow(reference: unknown, path: string, inside: readonly string[]): Json {
    if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference))
      return refuse(path, 'Expected "#/..." in this schema');
    if (inside.includes(reference)) return refuse(path, 'This reference leads back to itself');
    const target = targetOf(input, reference);
    return target === undefined
      ? refuse(path, 'There is nothing at this place')
      : read(target, path, [...inside, reference]);
  }

  function refuse(path: string, message: string): true {
    if (issues.length < ISSUES) issues.push({ path, message });
    return true;
  }

  const named = typeof input['$schema'] === 'string' ? input['$schema'].replace(/#$/, '') : undefined;
  const dialect = named === undefined ? '2020-12' : own(dialects, named);
  if (dialect === undefined) refuse('$schema', `Expected one of ${Object.keys(dialects).join(', ')}`);
  const schema = read(input, '', ['#']);
  if (size > ingestLimits.schemaSize) refuse('', `Expected at most ${ingestLimits.schemaSize} schemas in it`);
  return issues.length > 0 || dialect === undefined
    ? { ok: false, issues }
    : { ok: true, value: { schema, dialect, work: size + compared } };
}

/** A JSON Pointer as a fragment (RFC 6901 6). */
function targetOf(root: unknown, reference: string): unknown {
  let target = root;
  for (const encoded of reference.split('/').slice(1)) {
    const name = decoded(encoded).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, name)) return undefined;
    target = (target as Record<string, unknown>)[name];
  }
  return target;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function each<T>(value: T, ...names: string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toJSONSchema, type $ZodType } from 'zod/v4/core';
import type { Issue } from '../../contract/envelopes.ts';
import { fail, oneOf, under } from '../../guest/validation.ts';
import { compiled, compileText } from '../testing/compile-text.ts';
import { TestPlugin } from '../testing/run-in-process.ts';
import { ValidatorSource } from './generate-validator.ts';
import type { JsonSchema } from './json-schema.ts';
import { unsupportedPart } from './unsupported-part.ts';

type Validate = (value: unknown, issues: Issue[]) => void;

/** The generated validator of a schema of this test, in this process. */
function validatorOf(schema: $ZodType): Validate {
  expect(unsupportedPart(schema)).toBeUndefined();
  const { source, entry } = new ValidatorSource(toJSONSchema(schema, { io: 'input' }) as JsonSchema, 'v').generate();
  return new Function('fail', 'oneOf', 'under', `${source}\nreturn ${entry};`)(fail, oneOf, under) as Validate;
}

function issuesOf(schema: $ZodType, value: unknown): Issue[] {
  const issues: Issue[] = [];
  validatorOf(schema)(value, issues);
  return issues;
}

const anyLeaf = fc.constantFrom<z.ZodType>(
  z.string(),
  z.string().min(1).max(3),
  z.string().regex(/^a/),
  z.number(),
  z.number().min(0).max(10),
  z.int(),
  z.boolean(),
  z.null(),
  z.unknown(),
  z.literal('a'),
  z.literal(['a', 1]),
  z.enum(['a', 'b']),
);
const keys = ['a', 'b', 'c'];

const { schema: anySchema } = fc.letrec<{ schema: z.ZodType }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'schema' },
    anyLeaf,
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...keys), { maxLength: 3 }),
        fc.array(tie('schema'), { minLength: 3, maxLength: 3, depthIdentifier: 'schema' }),
        fc.constantFrom('optional', 'nullish', 'required'),
        fc.constantFrom('object', 'strict', 'loose'),
      )
      .map(([names, parts, presence, kind]) => {
        const shape = Object.fromEntries(
          names.map((name, index) => {
            const part = parts[index] as z.ZodType;
            return [name, presence === 'optional' ? part.optional() : presence === 'nullish' ? part.nullish() : part];
          }),
        );
        return kind === 'strict' ? z.strictObject(shape) : kind === 'loose' ? z.looseObject(shape) : z.object(shape);
      }),
    tie('schema').map((part) => z.array(part).max(3)),
    tie('schema').map((part) => z.record(z.string(), part)),
    tie('schema').map((part) => part.nullable()),
    fc.tuple(tie('schema'), tie('schema')).map((parts) => z.union(parts)),
    fc.tuple(tie('schema'), tie('schema')).map((parts) => z.tuple(parts)),
  ),
}));

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'value' },
      fc.constantFrom<unknown>('a', 'b', '', 'abcd', 0, 1, 1.5, 11, true, null),
      fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'value' }),
      fc.dictionary(fc.constantFrom(...keys, 'z'), tie('value'), { depthIdentifier: 'value' }),
    ),
  })).value,
);

describe('generated validators', () => {
  it('accept what zod accepts and refuse what zod refuses', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anySchema, fc.array(anyValue, { minLength: 1, maxLength: 20 }), (schema, values) => {
        const validate = validatorOf(schema);
        for (const value of values) {
          // As in a plugin, where every value comes from JSON.parse.
          const json: unknown = JSON.parse(JSON.stringify(value));
          const issues: Issue[] = [];
          validate(json, issues);
          const fits = schema.safeParse(json).success;
          if (fits) accepted++;
          expect({ fits: issues.length === 0, issues, value: json }).toMatchObject({ fits });
        }
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it('name the failing paths', () => {
    const schema = z.object({
      status: z.enum(['firing', 'resolved']),
      alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), count: z.int().min(1) })),
      detail: z.union([z.null(), z.object({ code: z.number() })]).optional(),
    });
    expect(
      issuesOf(schema, {
        status: 'x',
        alerts: [
          { labels: { a: 'b' }, count: 1 },
          { labels: { a: 5 }, count: 0 },
        ],
      }),
    ).toEqual([
      { path: 'status', message: 'Expected one of "firing", "resolved", got "x"' },
      { path: 'alerts.1.labels.a', message: 'Expected text, got 5' },
      { path: 'alerts.1.count', message: 'Expected a whole number of at least 1, got 0' },
    ]);
    expect(issuesOf(schema, { alerts: {}, detail: { code: '1' } })).toEqual([
      { path: 'status', message: 'Missing: expected one of "firing", "resolved"' },
      { path: 'alerts', message: 'Expected an array, got an object' },
      { path: 'detail.code', message: 'Expected a number, got "1"' },
    ]);
    expect(issuesOf(schema, null)).toEqual([{ path: '', message: 'Expected an object, got null' }]);
  });

  it('explain a discriminated union by the alternative that was meant', () => {
    const schema = z.discriminatedUnion('type', [
      z.object({ type: z.literal('a'), size: z.number() }),
      z.object({ type: z.literal('b'), name: z.string(), more: z.string() }),
    ]);
    expect(issuesOf(schema, { type: 'a', size: 'big' })).toEqual([
      { path: 'size', message: 'Expected a number, got "big"' },
    ]);
    expect(issuesOf(schema, { type: 'b', name: 1 }).map(({ path }) => path)).toEqual(['name', 'more']);
    expect(issuesOf(schema, { type: 'c' })).toEqual([{ path: 'type', message: 'Expected one of "a", "b", got "c"' }]);
  });

  it('take inherited names for what they are: absent', () => {
    expect(issuesOf(z.object({ constructor: z.string().optional() }), {})).toEqual([]);
    expect(issuesOf(z.object({ toString: z.string() }), {})).toEqual([
      { path: 'toString', message: 'Missing: expected text' },
    ]);
  });

  it('follow recursive schemas', () => {
    const tree = z.object({
      name: z.string(),
      get children() {
        return z.array(tree).optional();
      },
    });
    expect(issuesOf(tree, { name: 'a', children: [{ name: 'b', children: [{ name: 3 }] }] })).toEqual([
      { path: 'children.0.children.0.name', message: 'Expected text, got 3' },
    ]);
  });

  it('write defaults into the value', () => {
    const value = { given: 1 };
    expect(issuesOf(z.object({ given: z.number().default(5), left: z.string().default('x') }), value)).toEqual([]);
    expect(value).toEqual({ given: 1, left: 'x' });
  });

  it('stop counting at fifty issues', () => {
    expect(issuesOf(z.array(z.string()), new Array(1000).fill(1))).toHaveLength(50);
  });
});

describe('schema modules', () => {
  const index = (use: string) => `import { defineIntegration, ignored } from '@patchbay/plugin-sdk';
    import * as schemas from './a.schema.ts';
    export default defineIntegration({ ingest(request) { ${use} } });`;
  const input = (body: unknown) => ({
    abi: 1,
    request: { headers: {}, query: {}, contentType: '', method: 'POST', body: { text: JSON.stringify(body) } },
    configuration: {},
  });

  it('become validators without zod', async () => {
    const schema = `import { z } from 'zod';
      import * as mini from 'zod/mini';
      export const words = ['x', 'y'] as const;
      export const full = z.object({ word: z.enum(words), more: z.optional(z.string()) });
      export const small = mini.object({ list: mini.array(mini.number()) });
      export type Full = z.infer<typeof full>;`;
    const { wasm, modules } = await compiled({
      'src/index.ts': index(`const small = request.safeParse(schemas.small);
        return ignored(small.success ? 'small ' + small.data.list.length : request.parse(schemas.full).word + schemas.words.length);`),
      'src/a.schema.ts': schema,
    });
    const plugin = new TestPlugin(wasm);
    const reason = (body: unknown) => (plugin.run('ingest', input(body)).output as { result: unknown }).result;
    expect(reason({ list: [1, 2] })).toMatchObject({ outcome: 'ignored', reason: 'small 2' });
    expect(reason({ word: 'y' })).toMatchObject({ outcome: 'ignored', reason: 'y2' });
    expect(reason({ word: 'z' })).toEqual({
      outcome: 'invalid',
      reason: 'The body does not have the expected shape',
      issues: [{ path: 'word', message: 'Expected one of "x", "y", got "z"' }],
    });
    expect(modules.find(({ path }) => path === 'src/a.schema.ts')?.text).toBe(schema);
    expect(new TextDecoder('latin1').decode(wasm)).not.toContain('ZodObject');
  });

  it.each([
    ['z.string().transform((text) => text.length)', 'z.pipe()'],
    ['z.object({ a: z.string().refine(() => true) })', '(at .a)'],
    ['z.object({ a: z.array(z.string().trim()) })', '(at .a[])'],
    ['z.coerce.number()', 'coercion'],
    ['z.date()', 'z.date()'],
    ['z.preprocess((value) => value, z.string())', 'z.pipe()'],
    ['(value: string) => value', 'it is a function'],
  ])('refuse %s by name', async (schema, what) => {
    const outcome = await compileText({
      'src/index.ts': index('return ignored(String(schemas.bad));'),
      'src/a.schema.ts': `import { z } from 'zod';\nexport const good = z.string();\nexport const bad = ${schema};`,
    });
    if (outcome.ok) throw new Error('It compiles');
    expect(outcome.errors).toHaveLength(1);
    expect(outcome.errors[0]?.message).toContain('"bad" of src/a.schema.ts');
    expect(outcome.errors[0]?.message).toContain(what);
  });

  it('fail at the author’s line', async () => {
    const outcome = await compileText({
      'src/index.ts': index('return ignored(String(schemas.bad));'),
      'src/a.schema.ts': `import { z } from 'zod';\n\nexport const bad = z.object(null!.shape);`,
    });
    expect(outcome).toMatchObject({ ok: false, errors: [{ file: 'src/a.schema.ts', line: 3 }] });
  });
});

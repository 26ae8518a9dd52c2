import { describe, expect, it } from 'vitest';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { readSchema } from './read-schema.ts';

const issuePaths = (schema: Record<string, unknown>) => {
  const read = readSchema(schema);
  return read.ok ? [] : read.issues.map(({ path }) => path);
};

describe('an operator’s schema', () => {
  it('is read with what its references stand for in their place', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'An alert',
      $defs: { name: { type: 'string' }, 'a/b': { $ref: '#/$defs/name' } },
      properties: { host: { $ref: '#/$defs/a~1b', minLength: 1 } },
    };
    const read = readSchema(schema);
    expect(read.ok && read.value).toMatchObject({
      schema: { properties: { host: { minLength: 1, allOf: [{ allOf: [{ type: 'string' }] }] } } },
      dialect: '2020-12',
    });
  });

  // [what, schema, where it is refused]
  it.each([
    ['a regular expression', { properties: { a: { pattern: '(a+)+$' } } }, ['properties.a.pattern']],
    ['one for names', { patternProperties: { '(a+)+$': true } }, ['patternProperties']],
    ['a format, which is one, too', { items: { format: 'email' } }, ['items.format']],
    ['a comparison of all with all', { uniqueItems: true }, ['uniqueItems']],
    ['a schema from elsewhere', { $ref: 'https://example.com/schema.json' }, ['$ref']],
    ['a place that is not there', { allOf: [{ $ref: '#/$defs/none' }] }, ['allOf[0].$ref']],
    ['itself', { properties: { child: { $ref: '#' } } }, ['properties.child.$ref']],
    [
      'a circle',
      { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' },
      ['$ref.$ref.$ref'],
    ],
    ['the prototype', { $ref: '#/constructor' }, ['$ref']],
    ['a keyword that is written wrong', { requierd: ['a'] }, ['requierd']],
    ['a keyword of the prototype', JSON.parse('{"__proto__":{},"toString":1}') as object, ['__proto__', 'toString']],
    ['a value of the wrong type', { type: 'text', minLength: -1, required: 'a' }, ['type', 'minLength', 'required']],
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }, ['$schema']],
    ['no schema in its place', { properties: { a: 1 }, allOf: {} }, ['properties.a', 'allOf']],
  ])('does not hold %s', (_what, schema, paths) => {
    expect(issuePaths(schema as Record<string, unknown>)).toEqual(paths);
  });

  it('says in words why, also of names that every object has', () => {
    const read = readSchema({ toString: 1, constructor: 1, $schema: 'valueOf' });
    expect(read.ok ? [] : read.issues.map(({ message }) => typeof message)).toEqual(['string', 'string', 'string']);
  });

  it('is bounded, also where references double it again and again', () => {
    const doubled = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [
        `d${n}`,
        { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    expect(issuePaths({ $defs: { ...doubled, d12: {} }, $ref: '#/$defs/d0' })).toEqual(['']);
    let deep: Record<string, unknown> = {};
    for (let n = 0; n <= ingestLimits.schemaDepth; n++) deep = { not: deep };
    expect(issuePaths(deep)).toHaveLength(1);
    const wide = { properties: Object.fromEntries(Array.from({ length: ingestLimits.schemaSize }, (_, n) => [n, {}])) };
    expect(issuePaths(wide)).toEqual(['']);
  });
});

import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPgliteStatements, type PgliteStatements } from './pglite-statements.ts';

let pglite: PGlite;
let statements: PgliteStatements;
beforeAll(async () => {
  pglite = await PGlite.create();
  statements = createPgliteStatements(pglite);
});
afterAll(() => pglite.close());

const echoed = async (...values: (string | null)[]): Promise<unknown> => {
  const columns = values.map((_, index) => `$${index + 1}::text as "${index}"`);
  const { rows } = await statements.execute<Record<string, unknown>>(`select ${columns.join()}`, values);
  return Object.values(rows[0] ?? {});
};

/** Postgres keeps no zero character in a text. */
const texts = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

it('gives every text as it is, each to its own place', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.option(texts), { minLength: 4, maxLength: 4 }),
    async (values) => void expect(await echoed(...values)).toEqual(values),
  );
  await fc.assert(property, { numRuns: 100 });
});

it('gives texts without end and without beginning', async () => {
  const values = ['', 'ä'.repeat(1_000_000), null, '\u{1f6a8}', ''];
  expect(await echoed(...values)).toEqual(values);
});

it('puts the replacement character where half of a pair stands alone', async () => {
  expect(await echoed('a\ud83d', '\udea8b')).toEqual(['a\ufffd', '\ufffdb']);
});

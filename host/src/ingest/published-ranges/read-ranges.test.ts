import { describe, expect, it } from 'vitest';
import { publishedRangesSchema } from '@patchbay/plugin-sdk/contract/published-ranges';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { readRanges, sourceDigest } from './read-ranges.ts';

const url = 'https://ranges.vendor.example/list';
const source = (input: object = {}) => publishedRangesSchema.parse({ url, ...input });
const read = (input: object, body: unknown) =>
  readRanges(source(input), Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('what a vendor publishes of its addresses', () => {
  it('is read from where it stands in JSON', () => {
    expect(read({ at: ['hooks'] }, { hooks: ['192.0.2.0/24', '2001:db8::/32'], web: ['203.0.113.0/24'] })).toEqual([
      '192.0.2.0/24',
      '2001:db8::/32',
    ]);
    expect(read({ at: ['[]'] }, ['192.0.2.1', '192.0.2.1'])).toEqual(['192.0.2.1']);
    expect(read({ at: ['a.four', 'a.six'] }, { a: { four: ['192.0.2.1'], six: ['2001:db8::1'] } })).toHaveLength(2);
    const items = [
      { cidr: '192.0.2.0/24', product: ['jira', 'trello'], direction: ['egress'] },
      { cidr: '198.51.100.0/24', product: ['jira'], direction: ['ingress'] },
      { cidr: '203.0.113.0/24', product: 'other', direction: 'egress' },
    ];
    const where = { product: 'jira', direction: 'egress' };
    expect(read({ at: ['items[].cidr'], where }, { items })).toEqual(['192.0.2.0/24']);
  });

  it('is read from the lines of a text', () => {
    expect(read({}, '# probes\n192.0.2.1\r\n\n2001:db8::1 # six\n')).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  it.each([
    ['nothing', { at: ['hooks'] }, { hooks: [] }],
    ['another shape', { at: ['hooks'] }, { hooks: { a: 1 } }],
    ['no JSON', { at: ['hooks'] }, '<html>'],
    ['a page for a text', {}, '<html>'],
    ['something that is no address', { at: ['[]'] }, ['192.0.2.1', 'everybody']],
    ['everybody', { at: ['[]'] }, ['0.0.0.0/0']],
    ['everybody with IPv6', { at: ['[]'] }, ['::/0']],
    [
      'more than any vendor has',
      { at: ['[]'] },
      Array.from({ length: ingestLimits.publishedRanges + 1 }, () => '192.0.2.1'),
    ],
  ])('is refused as a whole when it is %s', (_what, input, body) => {
    expect(() => read(input, body)).toThrow(/list/i);
  });

  it.each([
    'http://ranges.vendor.example/',
    'https://192.0.2.1/',
    'https://[2001:db8::1]/',
    'https://ann:secret@vendor.example/',
    'https://vendor.example:8443/',
    'https://localhost/',
  ])('is never asked for at %s', (where) => {
    expect(publishedRangesSchema.safeParse({ url: where }).success).toBe(false);
  });

  it('is kept once for whoever declares the same', () => {
    const where = { a: '1', b: '2' };
    expect(sourceDigest(source({ where }))).toBe(sourceDigest(source({ where: { b: '2', a: '1' } })));
    expect(sourceDigest(source({ where }))).not.toBe(sourceDigest(source({ where: { a: '2', b: '1' } })));
    expect(sourceDigest(source({ at: ['a'] }))).not.toBe(sourceDigest(source()));
  });
});

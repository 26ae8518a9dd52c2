import { describe, expect, it } from 'vitest';
import { createAddressCheck, parseRange } from './sender-addresses.ts';

describe('the addresses of senders', () => {
  // [allow, deny, who passes, who does not]
  it.each([
    [[], [], ['192.0.2.1', '2001:db8::1', 'anything'], []],
    [['192.0.2.0/24'], [], ['192.0.2.255', '::ffff:192.0.2.1'], ['192.0.3.0', '2001:db8::1', 'anything', '']],
    [['2001:db8::/32'], [], ['2001:db8:ffff::1'], ['2001:db9::1', '192.0.2.1']],
    [['192.0.2.7'], [], ['192.0.2.7'], ['192.0.2.8']],
    [[], ['192.0.2.0/24'], ['192.0.3.1', '2001:db8::1'], ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201']],
    [[], ['2001:db8::/32'], ['192.0.2.1', '2001:db9::1'], ['2001:db8::1', '2001:0DB8:0::1']],
    [['192.0.2.0/24'], ['192.0.2.128/25'], ['192.0.2.127'], ['192.0.2.128', '198.51.100.1']],
    [['192.0.2.1'], ['0.0.0.0/0'], [], ['192.0.2.1', '198.51.100.1']],
    [[], ['::ffff:192.0.2.0/120'], ['192.0.3.1'], ['192.0.2.9', '::ffff:192.0.2.9']],
    [['not an address'], [], [], ['192.0.2.1']],
    [[], ['not an address'], [], ['192.0.2.1', '2001:db8::1']],
  ])('with %j allowed and %j denied', (allow, deny, passing, refused) => {
    const passes = createAddressCheck({ allow, deny, published: null });
    expect(passing.filter((address) => passes(address) !== 'allowed')).toEqual([]);
    expect(refused.filter((address) => passes(address) === 'allowed')).toEqual([]);
  });

  it('are those that the vendor publishes, beside the allowed and without the denied', () => {
    const published = { ranges: ['198.51.100.0/24'], complete: true };
    const judge = createAddressCheck({ allow: ['192.0.2.1'], deny: ['198.51.100.7'], published });
    expect(['198.51.100.1', '192.0.2.1', '198.51.100.7', '192.0.2.2'].map(judge)).toEqual([
      'allowed',
      'allowed',
      'refused',
      'refused',
    ]);
  });

  it('are unknown while a list was never read', () => {
    const published = { ranges: ['198.51.100.0/24'], complete: false };
    const judge = createAddressCheck({ allow: [], deny: ['192.0.2.1'], published });
    expect(['198.51.100.1', '192.0.2.1', '192.0.2.2'].map(judge)).toEqual(['allowed', 'refused', 'unknown']);
  });

  it.each([
    '',
    '10.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '2001:db8::/129',
    '::ffff:192.0.2.0/95',
    '192.0.2.0/24/24',
    'example.com',
  ])('takes %j for no range', (text) => expect(parseRange(text)).toBeNull());
});

import { describe, expect, it } from 'vitest';
import { percentDecode } from './percent-encoding.ts';

describe('percent-decoding', () => {
  it.each([
    ['plain text', 'plain text'],
    ['%7B%22a%22%3A%22%C3%A4%F0%9F%94%A5%22%7D', '{"a":"ä🔥"}'],
    ['%EF%BB%BFa', '\ufeffa'],
    ['ä%20b', 'ä b'],
  ])('reads %s', (text, decoded) => {
    expect(percentDecode(text)).toBe(decoded);
  });

  it.each([
    ['100% sure', '100% sure'],
    ['%zz%20%', '%zz %'],
    ['%FF%20a', '\ufffd a'],
    ['%E4b%C3%A4', '\ufffdbä'],
    ['\ud800%20', '\ufffd '],
  ])('keeps what is not well-formed in %s and reads the rest, as the standard says', (text, decoded) => {
    expect(percentDecode(text)).toBe(decoded);
  });
});

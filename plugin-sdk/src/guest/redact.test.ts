import { describe, expect, it } from 'vitest';
import { detailsOf, redact, redactText } from './redact.ts';

describe('what is kept of a message', () => {
  it('has no field that is named like a secret, at any depth', () => {
    const message = { user: 'ann', basic_auth_pass: 'x', list: [{ accessToken: 'x', tokens: 3 }], apiKey: 'x' };
    expect(redact(message)).toEqual({
      user: 'ann',
      basic_auth_pass: '[removed]',
      list: [{ accessToken: '[removed]', tokens: 3 }],
      apiKey: '[removed]',
    });
  });

  it('has no credentials of an address, but the rest of the text', () => {
    expect(redactText('GET https://ann:EXAMPLE@shop.example/a failed, ask ops@example.com')).toBe(
      'GET https://shop.example/a failed, ask ops@example.com',
    );
  });

  it('is bounded in depth, number and length', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 20; level += 1) deep = [deep];
    expect(JSON.stringify(redact(deep))).toContain('nested too deep');
    expect(redact(Array.from({ length: 1000 }, () => 1))).toHaveLength(200);
    expect(redactText('x'.repeat(9000))).toHaveLength(4000);
  });

  it('is an object for what is none', () => {
    expect(detailsOf('text')).toEqual({ value: 'text' });
    expect(detailsOf([1])).toEqual({ value: [1] });
  });
});

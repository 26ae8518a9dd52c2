import { describe, expect, it } from 'vitest';
import { money } from './money.ts';

describe('money', () => {
  it.each([
    [1250, 'eur', '12.50 EUR'],
    [500, 'JPY', '500 JPY'],
    [1500, 'kwd', '1.500 KWD'],
    [0, 'usd', '0.00 USD'],
  ])('%s %s', (amount, currency, text) => expect(money(amount, currency)).toBe(text));

  it('says nothing without an amount or a currency', () => {
    expect(money('12', 'eur')).toBeUndefined();
    expect(money(12, null)).toBeUndefined();
    expect(money(Number.NaN, 'eur')).toBeUndefined();
  });
});

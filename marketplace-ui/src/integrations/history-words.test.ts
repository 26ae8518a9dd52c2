import { describe, expect, it } from 'vitest';
import { historyWords, percentWords, scaleTop, type Hour } from './history-words.ts';

const hour = (success: number, errors: number, turnedAway = 0): Hour => ({
  hour: '2026-03-02T10:00:00.000Z',
  received: success + errors,
  success,
  errors,
  invalid: errors,
  refused: 0,
  pluginErrors: 0,
  turnedAway,
  averageLatencyMs: 1,
});

describe('the words for a history', () => {
  it.each([
    [[], 'Nothing came in 24 hours.'],
    [[hour(0, 0, 1)], 'Nothing came in 24 hours. 1 more was turned away at the door.'],
    [[hour(1, 0)], '1 request in 24 hours, none failed.'],
    [
      [hour(1000, 0), hour(188, 12, 3)],
      '1,200 requests in 24 hours, 12 failed (1 %). 3 more were turned away at the door.',
    ],
  ])('%#', (hours, words) => {
    expect(historyWords(hours, '24 hours')).toBe(words);
  });

  it.each([
    [0, 5, '0 %'],
    [5, 5, '100 %'],
    [1, 3, '33 %'],
    [1, 30, '3.3 %'],
    [1, 100_000, 'under 0.1 %'],
    [99_999, 100_000, 'over 99.9 %'],
    [975, 1000, '97.5 %'],
  ])('%i of %i is %s', (part, whole, words) => {
    expect(percentWords(part, whole)).toBe(words);
  });

  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [10, 10],
    [11, 20],
    [501, 1000],
  ])('a scale for %i ends at %i', (highest, top) => {
    expect(scaleTop(highest)).toBe(top);
  });
});

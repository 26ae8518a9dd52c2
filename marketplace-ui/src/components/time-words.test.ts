import { describe, expect, it } from 'vitest';
import { byteWords, durationWords, minuteWords, relativeWords } from './time-words.ts';

const now = Date.UTC(2026, 5, 15, 12, 0, 0);

describe('relativeWords', () => {
  it.each([
    [0, 'just now'],
    [4_999, 'just now'],
    [42_000, '42 s ago'],
    [-300_000, 'in 5 min'],
    [3 * 3_600_000 + 59_000, '3 h ago'],
    [6 * 86_400_000, '6 d ago'],
  ])('%d ms back is %s', (gap, words) => {
    expect(relativeWords(now - gap, now)).toBe(words);
  });

  it('names the year only when it is another one', () => {
    expect(relativeWords(now - 30 * 86_400_000, now)).not.toContain('2026');
    expect(relativeWords(now - 400 * 86_400_000, now)).toContain('2025');
  });
});

it('minuteWords', () => {
  const at = new Date(2026, 2, 1, 14, 5).getTime();
  expect(minuteWords(at, new Date(2026, 2, 1, 9, 0).getTime())).toBe('14:05');
  expect(minuteWords(at, new Date(2026, 1, 28, 15, 0).getTime())).toMatch(/Mar.*14:05/);
});

describe('durationWords', () => {
  it.each([
    [0.84, '0.8 ms'],
    [3, '3 ms'],
    [41.6, '42 ms'],
    [1_340, '1.3 s'],
    [59_400, '59 s'],
    [252_000, '4 min 12 s'],
    [120_000, '2 min'],
    [11_100_000, '3 h 5 min'],
    [187_200_000, '2 d 4 h'],
    [-5, '0 ms'],
  ])('%d ms is %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});

it('byteWords', () => {
  expect([812, 4_200, 1_048_576].map(byteWords)).toEqual(['812 B', '4.1 KB', '1 MB']);
});

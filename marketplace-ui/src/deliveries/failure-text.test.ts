import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';

describe('what a delivery says', () => {
  it.each(['dead', 'pending', 'retry', 'failed', 'abandoned'])('is why it failed when it is %s', (outcome) => {
    expect(failureText(outcome, 'Answered 500')).toBe('Answered 500');
  });

  it.each(['delivered', 'skipped'])('is no failure when it is %s', (outcome) => {
    expect(failureText(outcome, 'Answered 204')).toBeNull();
  });
});

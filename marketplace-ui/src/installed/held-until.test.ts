import { expect, it } from 'vitest';
import { heldUntil } from './held-until.ts';

it('holds an update until its time, and no longer', () => {
  const at = Date.parse('2026-03-01T10:00:00.000Z');
  const eligibleAt = new Date(at).toISOString();
  expect(heldUntil({ eligibleAt }, at - 1)).toBe(at);
  expect(heldUntil({ eligibleAt }, at)).toBeNull();
  expect(heldUntil({ eligibleAt: null }, at)).toBeNull();
});

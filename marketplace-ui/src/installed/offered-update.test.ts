import { expect, it } from 'vitest';
import { offeredUpdate } from './offered-update.ts';

it('holds a version until its time, and offers an older one meanwhile', () => {
  const at = Date.parse('2026-03-01T10:00:00.000Z');
  const heldUpdate = { version: '1.3.0', eligibleAt: new Date(at).toISOString(), early: null };
  const held = { ...heldUpdate, untilMs: at };
  expect(offeredUpdate({ updateAvailable: '1.2.0', heldUpdate }, at - 1)).toEqual({ available: '1.2.0', held });
  expect(offeredUpdate({ updateAvailable: null, heldUpdate }, at - 1)).toEqual({ available: null, held });
  expect(offeredUpdate({ updateAvailable: '1.2.0', heldUpdate }, at)).toEqual({ available: '1.3.0', held: null });
  expect(offeredUpdate({ updateAvailable: '1.2.0', heldUpdate: null }, at)).toEqual({ available: '1.2.0', held: null });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import { retryDelayMs } from './retry-schedule.ts';

it('stays within the jitter of its step, and never comes sooner than the vendor asked', () => {
  const schedule = fc.array(fc.integer({ min: 1, max: 1e7 }), { minLength: 1, maxLength: 12 });
  const asked = fc.option(fc.integer({ min: 0, max: 1e9 }));
  fc.assert(
    fc.property(
      schedule,
      fc.integer({ min: 1, max: 40 }),
      asked,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (steps, attempts, retryAfter, random) => {
        const step = steps[Math.min(attempts, steps.length) - 1]!;
        const delay = retryDelayMs(steps, attempts, retryAfter, random);
        const floor = Math.min(retryAfter ?? 0, deliveryLimits.retryAfterMaxMs);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(Math.max(step * 0.8, floor)));
        expect(delay).toBeLessThanOrEqual(Math.ceil(Math.max(step * 1.2, floor)));
      },
    ),
  );
});

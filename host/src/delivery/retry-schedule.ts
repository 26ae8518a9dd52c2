import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';

/**
 * Milliseconds until the next attempt: the schedule's step for the attempts made, spread by 20 % to both sides so
 * that failures which came together do not come back together, and never sooner than the vendor asked, within the
 * bound for vendors.
 *
 * @param attempts made so far, at least 1
 * @param random a number from 0 to 1
 */
export function retryDelayMs(
  scheduleMs: readonly number[],
  attempts: number,
  retryAfterMs: number | null,
  random: number = Math.random(),
): number {
  const step = scheduleMs[Math.min(attempts, scheduleMs.length) - 1] ?? deliveryLimits.retryScheduleMs[0];
  const spread = step * (1 + deliveryLimits.retryJitter * (2 * random - 1));
  const asked = Math.min(retryAfterMs ?? 0, deliveryLimits.retryAfterMaxMs);
  return Math.round(Math.max(spread, asked));
}

import { expect, it } from 'vitest';
import { sleepRefusal } from './sleep-permission.ts';

const sleep = (ms: unknown): string => JSON.stringify({ op: 'sleep', ms });
const codeOf = (granted: number | null, request: string): string | null => {
  const refusal = sleepRefusal(granted === null ? {} : { schedule: { maxDelaySeconds: granted } }, request);
  return refusal !== null && 'error' in refusal ? refusal.error.code : null;
};

it('lets a call wait for as long as was granted, and no longer', () => {
  expect(codeOf(60, sleep(60_000))).toBeNull();
  expect(codeOf(60, sleep(60_001))).toBe('PERMISSION_DENIED');
  expect(codeOf(null, sleep(1))).toBe('PERMISSION_DENIED');
});

it.each([1e300, -1, 'long', null])('refuses a sleep of %s', (ms) => {
  expect(codeOf(604_800, sleep(ms))).toBe('REQUEST_REFUSED');
});

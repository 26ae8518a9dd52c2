import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startPatience } from './patience.ts';

const never = new Promise<string>(() => undefined);
const HOUR_MS = 3_600_000;

it('gives the value that comes in time, and what is thrown', async () => {
  expect(await startPatience(HOUR_MS).await(Promise.resolve('value'))).toBe('value');
  await expect(startPatience(HOUR_MS).await(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(startPatience(HOUR_MS).await(Promise.reject('text'))).rejects.toThrow('text');
});

it('ends with its time, which can only become shorter', async () => {
  expect(await startPatience(5).await(never)).toBe('late');
  const before = startPatience(HOUR_MS);
  before.shorten(5);
  expect(await before.await(never)).toBe('late');
  const during = startPatience(HOUR_MS);
  setTimeout(() => during.shorten(5), 5);
  expect(await during.await(never)).toBe('late');
  const longer = startPatience(5);
  longer.shorten(HOUR_MS);
  expect(await longer.await(never)).toBe('late');
});

it('takes a value that was there when the loop was blocked beyond the end', async () => {
  const patience = startPatience(20);
  const value = sleep(1, 'value');
  const answer = patience.await(value);
  const until = performance.now() + 60;
  while (performance.now() < until);
  expect(await answer).toBe('value');
});

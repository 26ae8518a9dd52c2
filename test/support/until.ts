import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Asks again and again until the answer is not undefined. The limit only ends a test that would never end: it is far
 * above what a slow machine needs and says nothing about speed.
 *
 * @param what named in the error
 * @throws Error after `withinMs`
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 60_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(POLL_MS);
  }
}

import { expect, it } from 'vitest';
import { createTurns, type Urgency } from './check-turns.ts';

/** Work that goes on until it is told to end, and what has begun so far. */
function desk(atOnce: number) {
  const turns = createTurns(atOnce);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    async come(name: string, urgency?: Urgency) {
      const work = () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      };
      void turns(work, urgency);
      await settled();
    },
    async end(name: string) {
      ends.get(name)?.();
      await settled();
    },
    turns,
  };
}

it('gives so many turns at once, first come first served', async () => {
  const { come, end, begun } = desk(2);
  for (const name of ['a', 'b', 'c', 'd']) await come(name);
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

it('leaves a place free of work in the background, which waits until nobody else does', async () => {
  const { come, end, begun } = desk(2);
  await come('again 1', 'background');
  await come('again 2', 'background');
  expect(begun).toEqual(['again 1']);
  await come('upload 1');
  expect(begun).toEqual(['again 1', 'upload 1']);
  await come('upload 2');
  await end('again 1');
  expect(begun).toEqual(['again 1', 'upload 1', 'upload 2']);
  await end('upload 1');
  expect(begun).toEqual(['again 1', 'upload 1', 'upload 2', 'again 2']);
});

it('gives the place of work that failed to the next', async () => {
  const { turns } = desk(1);
  await expect(turns(() => Promise.reject(new Error('no')), 'background')).rejects.toThrow('no');
  expect(await turns(() => Promise.resolve('yes'), 'background')).toBe('yes');
  expect(await turns(() => Promise.resolve('yes'))).toBe('yes');
});

import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

interface Job {
  group: string;
  name: string;
}

function takeNext(queue: FairQueue<Job>): string | undefined {
  const job = queue.peek();
  if (job !== undefined) queue.take(job);
  return job?.name;
}

describe('the fair queue', () => {
  it('lets the group go first that used the least CPU time', () => {
    const queue = new FairQueue<Job>(() => 0);
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) queue.push({ group: name.slice(0, 1), name });
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) {
      const name = takeNext(queue);
      order.push(name);
      if (name !== undefined) queue.charge(name.slice(0, 1), name.startsWith('a') ? 300 : 100);
    }
    expect(order).toEqual(['a1', 'b1', 'b2', 'a2', 'a3']);
    expect(queue.size).toBe(0);
  });

  it('forgets use with time, also over a time that would overflow a number', () => {
    let now = 0;
    const queue = new FairQueue<Job>(() => now);
    queue.charge('a', 1_000_000);
    now += 60_000_000;
    queue.charge('b', 10);
    queue.push({ group: 'b', name: 'b' });
    queue.push({ group: 'a', name: 'a' });
    expect([takeNext(queue), takeNext(queue)]).toEqual(['a', 'b']);
  });

  it('puts moved jobs back in front, in their order', () => {
    const queue = new FairQueue<Job>(() => 0);
    queue.push({ group: 'a', name: '3' });
    queue.putBack([
      { group: 'a', name: '1' },
      { group: 'a', name: '2' },
    ]);
    expect([takeNext(queue), takeNext(queue), takeNext(queue)]).toEqual(['1', '2', '3']);
  });
});

import { refuseAtTopLevel } from './top-level.ts';
import type { RunLoop } from './run-loop.ts';

/** Timers are asks: the call ends and goes on when the time has come. An id is one more than the ask's number. */
export function createTimers(loop: RunLoop) {
  const setTimeout = (callback: (...values: unknown[]) => void, ms = 0, ...values: unknown[]): number => {
    refuseAtTopLevel('setTimeout()');
    if (typeof callback !== 'function') throw new TypeError('setTimeout takes a function');
    const delay = Number.isFinite(+ms) ? Math.max(0, +ms) : 0;
    return loop.ask('c', { op: 'sleep', ms: delay }, () => callback(...values)) + 1;
  };
  const clearTimeout = (id?: number): void => {
    if (typeof id === 'number') loop.forget(id - 1);
  };
  return { setTimeout, clearTimeout };
}

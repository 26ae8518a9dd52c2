import { refuseAtTopLevel } from './top-level.ts';

/**
 * Reads of the clock are refused while the plugin is compiled, by a stand-in for Date that is taken away before the
 * snapshot; a plugin that kept the stand-in goes on to get the real thing from it.
 *
 * @returns puts the real Date back
 */
export function guardClock(): () => void {
  const RealDate = globalThis.Date;
  const GuardedDate = function (this: unknown, ...values: unknown[]): unknown {
    if (values.length === 0 || new.target === undefined) refuseAtTopLevel('The present time');
    if (new.target === undefined) return RealDate();
    const target: unknown = new.target === GuardedDate ? RealDate : new.target;
    return Reflect.construct(RealDate, values, target as DateConstructor) as Date;
  };
  const now = (): number => {
    refuseAtTopLevel('Date.now()');
    return RealDate.now();
  };
  const { parse, UTC, prototype } = RealDate;
  Object.assign(GuardedDate, { parse, UTC, now, prototype });
  const realPerformance = performance;
  const guardedPerformance = {
    now: (): number => {
      refuseAtTopLevel('performance.now()');
      return realPerformance.now();
    },
  };
  Object.defineProperty(globalThis, 'performance', { value: guardedPerformance, writable: true, configurable: true });
  globalThis.Date = GuardedDate as unknown as DateConstructor;
  return () => {
    globalThis.Date = RealDate;
  };
}

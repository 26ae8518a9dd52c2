/** So many packages are checked at once: each compiles and runs what is in it. */
export const CHECKS_AT_ONCE = 2;

/** `background`: gives way to everything else. */
export type Urgency = 'now' | 'background';

/** Gives turns to work, first come first served. */
export type Turns = <T>(work: () => Promise<T>, urgency?: Urgency) => Promise<T>;

/**
 * Of work in the background one piece at a time has a turn, and only while nobody else waits: so that what somebody
 * waits for finds a place as soon as it comes.
 */
export function createTurns(atOnce: number): Turns {
  const waiting: Record<Urgency, (() => void)[]> = { now: [], background: [] };
  const running: Record<Urgency, number> = { now: 0, background: 0 };
  const mayRun = (urgency: Urgency): boolean =>
    running.now + running.background < atOnce &&
    (urgency === 'now' || (running.background === 0 && waiting.now.length === 0));
  // The place is taken before its holder goes on, so that nobody who comes meanwhile takes it.
  const admit = (): void => {
    for (const urgency of ['now', 'background'] as const)
      while (waiting[urgency].length > 0 && mayRun(urgency)) {
        running[urgency] += 1;
        waiting[urgency].shift()?.();
      }
  };
  return async (work, urgency = 'now') => {
    await new Promise<void>((resolve) => {
      waiting[urgency].push(resolve);
      admit();
    });
    try {
      return await work();
    } finally {
      running[urgency] -= 1;
      admit();
    }
  };
}

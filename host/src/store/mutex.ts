/** A lock for one holder at a time; those who wait get it in the order in which they asked. */
export interface Mutex {
  lock(): Promise<void>;
  /** Gives the lock to the next one; called by its holder, once. */
  unlock(): void;
}

export function createMutex(): Mutex {
  let held = false;
  let waiting: (() => void)[] = [];
  let next = 0;
  return {
    lock() {
      if (!held) {
        held = true;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    unlock() {
      const resolve = waiting[next];
      if (resolve === undefined) {
        held = false;
        waiting = [];
        next = 0;
        return;
      }
      next += 1;
      if (next > 1000) {
        waiting = waiting.slice(next);
        next = 0;
      }
      resolve();
    },
  };
}

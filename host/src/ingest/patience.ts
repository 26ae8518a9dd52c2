/**
 * How long somebody waits for a result.
 *
 *   waiting --result--> done
 *   waiting --time is up--> late
 *   waiting --shorten--> waiting, until the new end if that is earlier
 */
export interface Patience {
  /** @param ms from now; an end that is nearer stays */
  shorten(ms: number): void;
  /** The value of a promise, or 'late' when it takes longer. Asked once. */
  await<T>(promise: Promise<T>): Promise<T | 'late'>;
}

/**
 * When the time is up the loop is turned once more before anybody is judged: the result may have been waiting to be
 * read while this process was busy.
 *
 * @param ms milliseconds, from now
 */
export function startPatience(ms: number): Patience {
  let endsAt = performance.now() + ms;
  let giveUp: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  function setTimer(): void {
    clearTimeout(timer);
    timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), Math.max(0, endsAt - performance.now()));
  }

  return {
    shorten(ms) {
      const sooner = performance.now() + ms;
      if (isOver || sooner >= endsAt) return;
      endsAt = sooner;
      if (timer !== undefined) setTimer();
    },
    await: (promise) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          isOver = true;
          clearTimeout(timer);
        };
        giveUp = () => resolve('late');
        setTimer();
        promise.then(
          (value) => {
            end();
            resolve(value);
          },
          (error: unknown) => {
            end();
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      }),
  };
}

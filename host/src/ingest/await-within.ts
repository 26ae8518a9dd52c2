/**
 * The value of a promise, or 'late' when it takes longer.
 *
 * When the timer fires the loop is turned once more before anybody is judged: the result may have been waiting to be
 * read while this process was busy.
 *
 * @param ms milliseconds
 */
export function awaitWithin<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => setImmediate(() => resolve('late'))), ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

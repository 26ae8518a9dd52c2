export interface HeartbeatTimes {
  /** How long after an answer the next question is asked. */
  everyMs: number;
  /** How long its answer is waited for. */
  answerMs: number;
}

/**
 * Asks a connection for a sign of life, again and again: one on which nothing is said for hours is not told from one whose
 * packets nobody carries any more.
 *
 *   resting -> asked      after a while
 *   asked   -> resting    it answered
 *   asked   -> ended      it did not, in time; `silent` is called once
 *
 * @returns the function that ends it
 */
export function startHeartbeat(
  ask: () => Promise<unknown>,
  { everyMs, answerMs }: HeartbeatTimes,
  silent: () => void,
): () => void {
  let timer: NodeJS.Timeout;
  let ended = false;
  const rest = (): void => {
    if (!ended) timer = setTimeout(beat, everyMs).unref();
  };
  const beat = (): void => {
    timer = setTimeout(() => {
      ended = true;
      silent();
    }, answerMs).unref();
    const deadline = timer;
    // Of a connection that broke meanwhile who uses it hears as well.
    ask().then(
      () => {
        clearTimeout(deadline);
        rest();
      },
      () => undefined,
    );
  };
  rest();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Work that comes round again and again; `stop` ends it, tells the round that is under way, and waits for it. */
export interface Rounds {
  stop(): Promise<void>;
}

/** Begins a round every so often; one that takes longer than that is not followed by those that it missed. */
export function startRounds(
  everyMs: number,
  round: (stopping: AbortSignal) => Promise<void>,
  failed: (error: unknown) => void,
): Rounds {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= round(stopping.signal)
      .catch(failed)
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

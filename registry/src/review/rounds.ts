/** Work that comes round again and again; `stop` ends it and waits for the round that is under way. */
export interface Rounds {
  stop(): Promise<void>;
}

/** Begins a round every so often; one that takes longer than that is not followed by those that it missed. */
export function startRounds(everyMs: number, round: () => Promise<void>, failed: (error: unknown) => void): Rounds {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= round()
      .catch(failed)
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

// Tries: Never returns to the queue: each job of a promise makes the next.
// Must: RUN_CPU_EXCEEDED
export default {
  async ingest() {
    for (;;) await null;
  },
};

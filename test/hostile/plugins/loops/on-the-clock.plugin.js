// Tries: Waits for an hour to pass on a clock that stands still.
// Must: RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    const until = Date.now() + 3_600_000;
    while (Date.now() < until);
    return [];
  },
};

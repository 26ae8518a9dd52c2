// Tries: Fills arrays without end.
// Must: MEMORY_EXCEEDED, RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    const all = [];
    for (;;) all.push(new Array(10_000).fill(all));
  },
};

// Tries: Leaves a million promises pending.
// Must: MEMORY_EXCEEDED, RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    const all = [];
    for (;;) all.push(new Promise(() => undefined));
  },
};

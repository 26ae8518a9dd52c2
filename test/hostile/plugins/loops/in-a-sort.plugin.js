// Tries: Sorts a million values with a comparator that contradicts itself.
// Must: RUN_CPU_EXCEEDED, MEMORY_EXCEEDED
export default {
  ingest(request) {
    return Array.from({ length: 1_000_000 }, (_, i) => i).sort(() => Math.random() - 0.5);
  },
};

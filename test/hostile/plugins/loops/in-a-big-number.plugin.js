// Tries: Computes a number with millions of digits.
// Must: RUN_CPU_EXCEEDED, MEMORY_EXCEEDED, PLUGIN_ERROR
export default {
  ingest(request) {
    let n = 3n;
    for (let i = 0; i < 40; i++) n *= n;
    return String(n);
  },
};

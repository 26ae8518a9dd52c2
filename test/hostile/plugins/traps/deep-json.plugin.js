// Tries: Parses JSON that is nested a million times.
// Must: PLUGIN_ERROR, PLUGIN_TRAP, MEMORY_EXCEEDED
export default {
  ingest(request) {
    return JSON.parse('['.repeat(1_000_000));
  },
};

// Tries: Compiles a regular expression of nested groups.
// Must: PLUGIN_ERROR, OUTPUT_INVALID, MEMORY_EXCEEDED
export default {
  ingest(request) {
    return new RegExp('('.repeat(500_000) + ')'.repeat(500_000));
  },
};

// Tries: Matches a regular expression that takes exponential time.
// Must: RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    return /^(a+)+$/.test(`${'a'.repeat(60)}!`);
  },
};

// Tries: Recurses without end in JavaScript.
// Must: PLUGIN_ERROR
// Says: RangeError
export default {
  ingest(request) {
    const f = (n) => 1 + f(n + 1);
    return f(0);
  },
};

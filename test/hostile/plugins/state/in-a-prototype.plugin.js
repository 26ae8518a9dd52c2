// Tries: Changes Array.prototype for the next call.
// Must: PLUGIN_ERROR
// Times: 4
// Says: before: undefined
export default {
  ingest(request) {
    const before = Array.prototype.spy;
    Array.prototype.spy = () => request;
    throw new Error(`before: ${before}`);
  },
};

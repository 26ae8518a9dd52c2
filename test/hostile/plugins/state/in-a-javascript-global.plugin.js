// Tries: Keeps what it saw for the next call, of another group.
// Must: PLUGIN_ERROR
// Times: 4
// Says: before: undefined
export default {
  ingest(request) {
    const before = globalThis.seen;
    globalThis.seen = request;
    throw new Error(`before: ${before}`);
  },
};

// Tries: Allocates buffers without end.
// Must: MEMORY_EXCEEDED
export default {
  ingest(request) {
    const all = [];
    for (;;) all.push(new Uint8Array(1_000_000).fill(1));
  },
};

// Tries: Asks for an array of four billion elements at once.
// Must: PLUGIN_ERROR, MEMORY_EXCEEDED
export default {
  ingest(request) {
    return new Uint8Array(4_294_967_295).length;
  },
};

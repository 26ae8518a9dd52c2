// Tries: Keeps what it allocates in a global on every call.
// Must: OUTPUT_INVALID, PLUGIN_ERROR
// Times: 6
// Says: kept 1
export default {
  ingest(request) {
    globalThis.kept = [...(globalThis.kept ?? []), new Uint8Array(20_000_000).fill(1)];
    throw new Error(`kept ${globalThis.kept.length}`);
  },
};

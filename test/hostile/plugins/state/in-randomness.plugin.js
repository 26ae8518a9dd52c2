// Tries: Draws a random number and gets one that tells of the call before.
// Must: PLUGIN_ERROR
// Times: 3
// Says: has false
export default {
  ingest(request) {
    globalThis.drawn ??= Math.random();
    throw new Error(`has ${globalThis.drawn === Math.random()}`);
  },
};

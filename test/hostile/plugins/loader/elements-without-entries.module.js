// Tries: Announces four billion elements and has none.
// Must: MODULE_INVALID
// Says: module.format
export default () =>
  Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 4, 4, 1, 0x70, 0, 1, 9, 9, 1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0);

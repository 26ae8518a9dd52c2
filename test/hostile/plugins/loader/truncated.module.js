// Tries: Is cut off in the middle of a section.
// Must: MODULE_INVALID
// Says: module.format
// A code section that announces 100 bytes and has three.
export default () =>
  Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 100, 1, 2, 0);

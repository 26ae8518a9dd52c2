// Tries: Writes a section’s size with more bytes than a number of 32 bits may have.
// Must: MODULE_INVALID
// Says: module.format
export default () =>
  Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 0x85, 0x80, 0x80, 0x80, 0x80, 0, 1, 0x60, 0, 1, 0x7f);

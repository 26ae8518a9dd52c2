// Tries: Has a custom section whose name is no text.
// Must: MODULE_INVALID
// Says: module.format
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 5, 3, 0xff, 0xfe, 0xfd, 1);

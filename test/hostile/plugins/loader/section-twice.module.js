// Tries: Has two memory sections, of which a laxer parser takes the last.
// Must: MODULE_INVALID
// Says: module.format
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 1, 5, 5, 1, 0, 0x80, 0x80, 4);

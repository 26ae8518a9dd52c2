// Tries: Has its sections in an order that only a laxer parser takes.
// Must: MODULE_INVALID
// Says: module.format
// The function section before the type section.
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 3, 2, 1, 0, 1, 5, 1, 0x60, 0, 1, 0x7f);

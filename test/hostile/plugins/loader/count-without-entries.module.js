// Tries: Announces four billion types and has none.
// Must: MODULE_INVALID
// Says: module.format
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f);

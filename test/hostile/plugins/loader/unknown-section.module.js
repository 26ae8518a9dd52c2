// Tries: Hides bytes in a section with an unknown number.
// Must: MODULE_INVALID
// Says: module.proposal
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 77, 3, 1, 2, 3);

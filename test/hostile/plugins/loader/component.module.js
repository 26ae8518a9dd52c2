// Tries: Is a WebAssembly component instead of a module.
// Must: MODULE_INVALID
// Says: module.format
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);

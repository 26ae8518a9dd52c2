// Tries: Has no bytes at all.
// Must: MODULE_INVALID
// Says: module.format
export default () => new Uint8Array();

// Tries: Has more bytes than a module may have.
// Must: MODULE_INVALID
// Says: module.size
export default () => new Uint8Array(8 * 1024 * 1024 + 1);

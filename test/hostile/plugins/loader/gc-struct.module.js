// Tries: Has a garbage-collected struct, which would outlive the memory that is put back.
// Must: MODULE_INVALID
// Says: module.proposal
// A type section with the struct { mut i32 }.
export default () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x5f, 1, 0x7f, 1);

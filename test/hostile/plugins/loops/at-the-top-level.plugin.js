// Tries: Loops while it is built, in the author’s, the registry’s or the host’s process.
// Must: COMPILE_FAILED
for (;;);
export default { ingest: () => [] };

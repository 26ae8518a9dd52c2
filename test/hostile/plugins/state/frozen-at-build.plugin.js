// Tries: Draws randomness while it is built, so that all its calls have the same.
// Must: COMPILE_FAILED
const drawn = Math.random();
export default { ingest: () => [String(drawn)] };

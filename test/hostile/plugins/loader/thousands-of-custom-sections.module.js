// Tries: Has 50,000 custom sections of garbage.
// Must: STALLED, MODULE_INVALID
import { wasm } from '../wasm-bytes.js';

export default () =>
  wasm({ tail: Array.from({ length: 50_000 }, (_, i) => [0, 6, 1, 0x61, i & 255, 0xff, 0, i >> 8]).flat() });

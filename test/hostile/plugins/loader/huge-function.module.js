// Tries: Has one function of seven megabytes, for the compiler to choke on.
// Must: MODULE_INVALID
import { wasm } from '../wasm-bytes.js';

// Three million times: push a constant, drop it.
export default () => wasm({ code: new Uint8Array(7_500_000).map((_, i) => [0x41, 0, 0x1a][i % 3]) });

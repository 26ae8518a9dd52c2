// Tries: Has 900,000 functions, for the compiler to choke on.
// Must: MODULE_INVALID
import { wasm } from '../wasm-bytes.js';

export default () => wasm({ more: 900_000 });

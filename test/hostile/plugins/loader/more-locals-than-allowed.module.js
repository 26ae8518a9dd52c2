// Tries: Has a function with four billion locals.
// Must: MODULE_INVALID
import { wasm } from '../wasm-bytes.js';

export default () => wasm({ more: 1, body: [1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e, 0x0b] });

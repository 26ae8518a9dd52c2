// Tries: Has a number too long in its code, after which a laxer parser sees other instructions.
// Must: MODULE_INVALID
import { wasm } from '../wasm-bytes.js';

export default () => wasm({ more: 1, body: [0, 0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a, 0x0b] });

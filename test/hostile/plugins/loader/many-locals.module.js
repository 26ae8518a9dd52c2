// Tries: Has 500 functions with 49,000 locals each.
// Must: MODULE_INVALID, RUN_CPU_EXCEEDED, STALLED
import { wasm } from '../wasm-bytes.js';

// One group of 49,000 i64, then the end.
export default () => wasm({ more: 500, body: [1, 0xe8, 0xfe, 2, 0x7e, 0x0b] });

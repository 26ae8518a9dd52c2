// Tries: Has a branch with 65,000 targets in each of 50 functions.
// Must: MODULE_INVALID, RUN_CPU_EXCEEDED, STALLED
import { leb, wasm } from '../wasm-bytes.js';

// block, i32.const 0, br_table with 65,000 targets, end, end
const body = [0, 0x02, 0x40, 0x41, 0, 0x0e, ...leb(65_000), ...new Array(65_001).fill(0), 0x0b, 0x0b];
export default () => wasm({ more: 50, body });

// Tries: Nests a million blocks.
// Must: MODULE_INVALID
import { wasm } from '../wasm-bytes.js';

const depth = 1_000_000;
export default () =>
  wasm({ code: new Uint8Array(3 * depth).map((_, i) => (i >= 2 * depth ? 0x0b : i % 2 === 0 ? 0x02 : 0x40)) });

// Tries: Carries the custom section of the SDK twice.
// Must: MODULE_INVALID
// Says: module.abi
import { wasm } from '../wasm-bytes.js';

const section = [0, 11, 8, ...new TextEncoder().encode('patchbay{}')];
export default () => wasm({ tail: [...section, ...section] });

// Tries: Asks for a store of a terabyte.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ permissions: { store: { bytes: 1_000_000_000_000 } } });

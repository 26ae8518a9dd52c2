// Tries: Asks for a permission that does not exist, in case that it is ignored.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ permissions: { files: ['/etc'] } });

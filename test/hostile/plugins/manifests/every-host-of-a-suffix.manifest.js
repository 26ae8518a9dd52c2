// Tries: Asks for every host below a top-level domain.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ permissions: { http: [{ host: '*.com', methods: ['GET'] }] } });

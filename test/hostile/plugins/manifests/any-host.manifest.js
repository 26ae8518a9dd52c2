// Tries: Asks for every host.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ permissions: { http: [{ host: '*', methods: ['GET'] }] } });

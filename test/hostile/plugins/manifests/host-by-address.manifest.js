// Tries: Asks for loopback by its address.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ permissions: { http: [{ host: '127.0.0.1', methods: ['GET'] }] } });

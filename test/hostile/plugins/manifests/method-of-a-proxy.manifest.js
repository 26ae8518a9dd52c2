// Tries: Asks for the method CONNECT.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ permissions: { http: [{ host: 'api.example.com', methods: ['CONNECT'] }] } });

// Tries: Asks for requests in a plugin that must be pure.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({
  provides: ['ingest'],
  integrationType: 'test',
  permissions: { http: [{ host: 'api.example.com', methods: ['GET'] }] },
});

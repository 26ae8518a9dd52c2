// Tries: Takes an address that belongs to the platform.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ provides: ['ingest'], integrationType: 'webhooks' });

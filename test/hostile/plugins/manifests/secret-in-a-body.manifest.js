// Tries: Places the secret into the body of a request.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({
  secrets: [{ name: 'token', title: 'Token', credential: { kind: 'body', host: 'api.example.com', field: 'token' } }],
});

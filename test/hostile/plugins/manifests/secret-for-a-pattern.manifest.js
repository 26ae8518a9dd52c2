// Tries: Binds the secret to every host of a domain.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({
  secrets: [{ name: 'token', title: 'Token', credential: { kind: 'bearer', host: '*.example.com' } }],
});

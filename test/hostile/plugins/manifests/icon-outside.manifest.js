// Tries: Takes a file outside of the package as its icon.
// Must: MANIFEST_INVALID
import { manifest } from '../manifest.js';

export default manifest({ icon: 'https://evil.example/track.svg' });

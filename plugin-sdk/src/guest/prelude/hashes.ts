/** What `crypto.subtle` is made of. The SDK's build makes a text of this file, which the prelude is given. */
export { hmac } from '@noble/hashes/hmac.js';
export { sha1 } from '@noble/hashes/legacy.js';
export { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

import { createHmac } from 'node:crypto';

/** The key that signs session cookies, derived from the host key so that there is one key to keep (HKDF's idea in one step). */
export function sessionSecret(hostKey: Buffer): string {
  return createHmac('sha256', hostKey).update('patchbay session cookies v1').digest('hex');
}

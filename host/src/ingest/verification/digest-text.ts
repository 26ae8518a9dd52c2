/**
 * The bytes of a signature in hex or base64; null when the text has another form. Base64 must be the one way to write
 * its bytes, so that a changed character is never overlooked.
 */
export function readDigest(text: string, encoding: 'hex' | 'base64'): Buffer | null {
  if (text === '' || text.length > DIGEST_CHARS) return null;
  if (encoding === 'hex') return /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : null;
  const bytes = Buffer.from(text, 'base64');
  const canonical = bytes.toString('base64');
  return canonical === text || canonical.replace(/=+$/, '') === text ? bytes : null;
}

const DIGEST_CHARS = 1024;

/** Secrets shorter than this would be found in honest answers by chance. */
const CHARS_MIN = 8;

/**
 * True when a text or its bytes contain the secret as it is, percent-encoded, in hex, or in base64 at any of the
 * three alignments that base64 knows (with either alphabet).
 */
export function containsSecret(haystack: Buffer, secret: string): boolean {
  if (secret.length < CHARS_MIN) return false;
  const text = haystack.toString('latin1');
  const folded = text.toLowerCase();
  const bytes = Buffer.from(secret, 'utf8');
  if (haystack.includes(bytes)) return true;
  if (text.includes(encodeURIComponent(secret)) || folded.includes(bytes.toString('hex'))) return true;
  return base64Cores(bytes).some(
    (core) => text.includes(core) || text.includes(core.replaceAll('+', '-').replaceAll('/', '_')),
  );
}

/** The characters of base64 that depend on the secret alone, for each offset it may have within a longer text. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const encoded = padded.toString('base64').replace(/=+$/, '');
    const start = offset === 0 ? 0 : offset + 1;
    const whole = Math.floor((padded.length * 8) / 6);
    return encoded.slice(start, whole);
  });
}

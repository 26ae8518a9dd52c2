import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { readSignedText } from './signed-text.ts';
import { invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

type HmacScheme = Extract<SignatureScheme, { kind: 'hmac' }>;

/** HMAC over parts of the request as the scheme lists them. */
export function verifyHmac(scheme: HmacScheme, request: SignedRequest, secrets: readonly string[]): SignatureOutcome {
  const text = readSignedText(scheme, request);
  if (text.kind === 'absent') return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };
  if (text.kind === 'invalid') return text.refusal;
  for (const secret of secrets) {
    const key = keyBytes(scheme, secret);
    if (key === null) continue;
    const hmac = createHmac(scheme.hash, key);
    for (const part of text.parts) hmac.update(part);
    const expected = hmac.digest();
    for (const candidate of text.candidates)
      if (candidate.length === expected.length && timingSafeEqual(candidate, expected))
        return verified('sender', text.replayOf(expected));
  }
  return invalid('The signature does not match the body with any valid secret.');
}

/** Standard Webhooks: base64 after `whsec_` (Supabase shows `v1,whsec_`); a secret that is not is not this scheme's. */
function keyBytes(scheme: HmacScheme, secret: string): Buffer | null {
  if (scheme.key === 'utf8') return Buffer.from(secret, 'utf8');
  const key = Buffer.from(secret.replace(/^(v1,)?whsec_/, ''), 'base64');
  return key.length === 0 ? null : key;
}

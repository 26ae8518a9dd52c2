import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { verifyHmac } from './hmac.ts';
import type { SignatureOutcome, SignedRequest } from './signed-request.ts';
import type { SnsVerifier } from './sns.ts';
import { verifyBodyToken, verifyHeaderToken } from './token.ts';

/**
 * Checks a request against the schemes that its sender may use; any one that verifies is enough. Works on raw bytes,
 * in constant time for equal lengths, before anything else reads them.
 *
 * @param secrets all that are valid now (several while one is rotated)
 */
export async function verifySignature(
  schemes: readonly SignatureScheme[],
  request: SignedRequest,
  secrets: readonly string[],
  sns: SnsVerifier,
): Promise<SignatureOutcome> {
  let worst: SignatureOutcome = { outcome: 'absent' };
  for (const scheme of schemes) {
    const outcome = await verifyOne(scheme, request, secrets, sns);
    if (outcome.outcome === 'verified') return outcome;
    if (outcome.outcome === 'invalid' || worst.outcome === 'absent') worst = outcome;
  }
  return worst;
}

function verifyOne(
  scheme: SignatureScheme,
  request: SignedRequest,
  secrets: readonly string[],
  sns: SnsVerifier,
): SignatureOutcome | Promise<SignatureOutcome> {
  switch (scheme.kind) {
    case 'hmac':
      return verifyHmac(scheme, request, secrets);
    case 'token-header':
      return verifyHeaderToken(scheme, request, secrets);
    case 'token-body':
      return verifyBodyToken(scheme, request, secrets);
    case 'sns':
      return sns.verify(request);
  }
}

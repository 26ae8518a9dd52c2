import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { verifyHmac } from './hmac.ts';
import { verifyByPublicKey } from './public-key.ts';
import type { SignatureOutcome, SignedRequest } from './signed-request.ts';
import { verifyToken } from './token.ts';
import { verifyUrlHmac } from './url-hmac.ts';
import type { VendorVerifiers } from './vendor-verifiers.ts';

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
  vendors: VendorVerifiers,
): Promise<SignatureOutcome> {
  let told: SignatureOutcome = { outcome: 'absent' };
  for (const scheme of schemes) {
    const outcome = await verifyOne(scheme, request, secrets, vendors);
    if (outcome.outcome === 'verified') return outcome;
    if (weightOf(outcome) > weightOf(told)) told = outcome;
  }
  return told;
}

/** Which of several outcomes decides, and what the sender is told: the one that says most about its signature. */
function weightOf(outcome: SignatureOutcome): number {
  switch (outcome.outcome) {
    case 'absent':
      return 0;
    case 'unset':
      return 1;
    case 'invalid':
      return outcome.otherForm === true ? 2 : 3;
    case 'unavailable':
      return 4;
    case 'verified':
      return 5;
  }
}

function verifyOne(
  scheme: SignatureScheme,
  request: SignedRequest,
  secrets: readonly string[],
  vendors: VendorVerifiers,
): SignatureOutcome | Promise<SignatureOutcome> {
  switch (scheme.kind) {
    case 'hmac':
      return verifyHmac(scheme, request, secrets);
    case 'ed25519':
    case 'ecdsa':
      return verifyByPublicKey(scheme, request, secrets);
    case 'url-hmac':
      return verifyUrlHmac(scheme, request, secrets);
    case 'token-header':
    case 'token-query':
    case 'token-body':
    case 'basic':
      return verifyToken(scheme, request, secrets);
    case 'sns':
      return vendors.sns(request);
    case 'paypal':
      return vendors.paypal(request, secrets);
    case 'travis':
      return vendors.travis(request, secrets);
    case 'jwt':
      return vendors.jwt(scheme, request);
  }
}

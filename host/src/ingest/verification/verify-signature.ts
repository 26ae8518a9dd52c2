import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { verifyHmac } from './hmac.ts';
import type { SnsVerifier } from './sns.ts';
import { verifyBodyToken, verifyHeaderToken } from './token.ts';

/** What a scheme looks at: the request exactly as it arrived. */
export interface SignedRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Milliseconds since the epoch at receipt. */
  readonly receivedAt: number;
}

export type SignatureOutcome =
  /** `replayId` names this very delivery; a second one with it within the tolerance is a replay. */
  | { outcome: 'verified'; replayId: string | null; topicArn?: string }
  /** The request carries nothing of this scheme. */
  | { outcome: 'absent' }
  /** It carries a signature, and there is no secret to check it with. */
  | { outcome: 'unset' }
  | { outcome: 'invalid'; reason: string };

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

/** One value of a header; several of one name are no signature that we know. */
export function headerText(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

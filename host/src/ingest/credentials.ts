import { timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { ApiError } from '../api/api-error.ts';
import type { DoorIntegration } from './door-integration.ts';
import { headerOf, queryText, type DoorRequest } from './door-request.ts';
import type { Replay, SignatureOutcome, SignedRequest } from './verification/signed-request.ts';
import { basicCredentials, sha256 } from './verification/token.ts';
import type { VendorVerifiers } from './verification/vendor-verifiers.ts';
import { verifySignature } from './verification/verify-signature.ts';

export interface Proven {
  /** Names this very delivery, when its signature does. */
  readonly replay: Replay | null;
  /** True when a signature was there and is right. */
  readonly signed: boolean;
}

const KEY_CHARS = 200;
const KEY_RETRY_SECONDS = 30;

/**
 * Key or signature: a verified signature stands in for the key; a wrong one is refused even with the right key; one
 * that is required must be there.
 *
 * Amazon SNS and Travis CI sign for everybody: such a signature stands in for the key only when the operator has named
 * the topic. Other topics are then refused.
 *
 * @param vendors null when signatures are not to be looked at
 * @returns the refusal as a value
 */
export async function proveSender(
  integration: DoorIntegration,
  schemes: readonly SignatureScheme[],
  request: SignedRequest & Pick<DoorRequest, 'query' | 'packedBody'>,
  vendors: VendorVerifiers | null,
): Promise<Proven | ApiError> {
  const now = request.receivedAt;
  const key = readKey(request);
  const fits = key !== undefined && isKey(integration, key.text, now);
  let outcome: SignatureOutcome = { outcome: 'absent' };
  if (vendors !== null) {
    const secrets = integration.secrets.filter((secret) => secret.validUntil > now).map((secret) => secret.value);
    // Where the key stands, there is no token of the vendor's that could be wrong.
    const looked = fits && key.inAuthorization ? schemes.filter((scheme) => !usesAuthorization(scheme)) : schemes;
    outcome = await verifySignature(looked, request, secrets, vendors);
    // Senders that pack their bodies sign either what they pack or what they send.
    if (outcome.outcome === 'invalid' && request.packedBody !== undefined) {
      const packed = await verifySignature(looked, { ...request, body: request.packedBody }, secrets, vendors);
      if (packed.outcome === 'verified') outcome = packed;
    }
    const refusal = judge(integration, outcome);
    if (refusal !== null) return refusal;
  }
  const signed = outcome.outcome === 'verified';
  const replay = outcome.outcome === 'verified' ? outcome.replay : null;
  if (outcome.outcome === 'verified' && outcome.topicArn !== undefined && integration.topicArns.size > 0)
    return integration.topicArns.has(outcome.topicArn)
      ? { replay, signed }
      : new ApiError('SIGNATURE_INVALID', `The message is of the topic ${outcome.topicArn}.`);
  if (fits || (outcome.outcome === 'verified' && outcome.proves === 'sender')) return { replay, signed };
  return keyRefused(key !== undefined);
}

function judge(integration: DoorIntegration, outcome: SignatureOutcome): ApiError | null {
  if (outcome.outcome === 'invalid') return new ApiError('SIGNATURE_INVALID', outcome.reason);
  // Senders take a 401 for final (Amazon SNS never repeats what was answered 4xx); the signature may be right.
  if (outcome.outcome === 'unavailable')
    return new ApiError('SIGNATURE_UNCHECKED', outcome.reason, { retryAfterSeconds: KEY_RETRY_SECONDS });
  if (outcome.outcome === 'verified' || !integration.signatureRequired) return null;
  return new ApiError(
    'SIGNATURE_MISSING',
    outcome.outcome === 'unset'
      ? 'The request is signed, and this integration has no secret to check it with.'
      : undefined,
  );
}

function usesAuthorization(scheme: SignatureScheme): boolean {
  return scheme.kind === 'basic' || (scheme.kind === 'token-header' && scheme.header.toLowerCase() === 'authorization');
}

function isKey(integration: DoorIntegration, text: string, now: number): boolean {
  const digest = sha256(text);
  let fits = false;
  for (const known of integration.keys)
    fits = (timingSafeEqual(known.digest, digest) && known.validUntil > now) || fits;
  return fits;
}

/** The key as bearer, as the password of Basic for senders that offer nothing else, or in the query. */
function readKey(
  request: Pick<DoorRequest, 'headers' | 'query'>,
): { text: string; inAuthorization: boolean } | undefined {
  const authorization = headerOf(request, 'authorization');
  const bearer = authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const named = bearer ?? basicCredentials(authorization)?.password;
  const inQuery = queryText(request.query, 'key');
  // A sender with credentials of its own in the header may have the key in its URL.
  const inAuthorization = named !== undefined && (inQuery === undefined || named.startsWith('pbk_'));
  const text = inAuthorization ? named : inQuery;
  return text === undefined || text.length > KEY_CHARS ? undefined : { text, inAuthorization };
}

function keyRefused(given: boolean): ApiError {
  const headers = { 'www-authenticate': 'Bearer realm="integration"' };
  return new ApiError(
    'KEY_INVALID',
    given ? 'The integration key is wrong, or no longer valid.' : 'The integration key is missing.',
    { headers },
  );
}

import { timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { ApiError } from '../api/api-error.ts';
import type { DoorIntegration } from './door-integration.ts';
import { headerOf, queryText, type DoorRequest } from './door-request.ts';
import type { SnsVerifier } from './verification/sns.ts';
import { sha256 } from './verification/token.ts';
import type { SignatureOutcome } from './verification/signed-request.ts';
import { verifySignature } from './verification/verify-signature.ts';

export interface Proven {
  /** Names this very delivery, when its signature does. */
  readonly replayId: string | null;
  /** True when a signature was there and is right. */
  readonly signed: boolean;
}

const KEY_CHARS = 200;

/**
 * Key or signature: a verified signature stands in for the key; a wrong one is refused even with the right key; one
 * that is required must be there.
 *
 * Anybody can have Amazon sign a message of a topic of their own: an SNS signature stands in for the key only when the
 * operator has named the topic.
 *
 * @returns the refusal as a value
 */
export async function proveSender(
  integration: DoorIntegration,
  schemes: readonly SignatureScheme[],
  request: DoorRequest,
  now: number,
  verify: SnsVerifier | null,
): Promise<Proven | ApiError> {
  let outcome: SignatureOutcome = { outcome: 'absent' };
  if (verify !== null) {
    const secrets = integration.secrets.filter((secret) => secret.validUntil > now).map((secret) => secret.value);
    const signed = { headers: request.headers, body: request.body, receivedAt: now };
    outcome = await verifySignature(schemes, signed, secrets, verify);
    const refusal = judge(integration, outcome);
    if (refusal !== null) return refusal;
  }
  if (outcome.outcome === 'verified') {
    const proven = { replayId: outcome.replayId, signed: true };
    if (outcome.topicArn === undefined) return proven;
    if (integration.topicArn !== null)
      return outcome.topicArn === integration.topicArn
        ? proven
        : new ApiError('SIGNATURE_INVALID', `The message is of the topic ${outcome.topicArn}.`);
    return keyFits(integration, request, now) ? proven : keyRefused(request);
  }
  return keyFits(integration, request, now) ? { replayId: null, signed: false } : keyRefused(request);
}

function judge(integration: DoorIntegration, outcome: SignatureOutcome): ApiError | null {
  if (outcome.outcome === 'invalid') return new ApiError('SIGNATURE_INVALID', outcome.reason);
  if (outcome.outcome === 'verified' || !integration.signatureRequired) return null;
  return new ApiError(
    'SIGNATURE_MISSING',
    outcome.outcome === 'unset'
      ? 'The request is signed, and this integration has no secret to check it with.'
      : undefined,
  );
}

function keyFits(integration: DoorIntegration, request: DoorRequest, now: number): boolean {
  const key = keyOf(request);
  if (key === undefined) return false;
  const digest = sha256(key);
  let fits = false;
  for (const known of integration.keys)
    fits = (timingSafeEqual(known.digest, digest) && known.validUntil > now) || fits;
  return fits;
}

function keyOf(request: DoorRequest): string | undefined {
  const authorization = headerOf(request, 'authorization');
  const bearer = authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const key = bearer ?? queryText(request.query, 'key');
  return key === undefined || key.length > KEY_CHARS ? undefined : key;
}

function keyRefused(request: DoorRequest): ApiError {
  const headers = { 'www-authenticate': 'Bearer realm="integration"' };
  const missing = keyOf(request) === undefined;
  return new ApiError(
    'KEY_INVALID',
    missing ? 'The integration key is missing.' : 'The integration key is wrong, or no longer valid.',
    { headers },
  );
}

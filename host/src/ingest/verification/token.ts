import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { headerText, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

/** The secret itself in a header: proves who sends, not what was sent. */
export function verifyHeaderToken(
  scheme: Extract<SignatureScheme, { kind: 'token-header' }>,
  request: SignedRequest,
  secrets: readonly string[],
): SignatureOutcome {
  const header = headerText(request, scheme.header);
  if (header === undefined) return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };
  const token = header.startsWith(scheme.prefix) ? header.slice(scheme.prefix.length) : null;
  if (token !== null && isOneOf(token, secrets)) return { outcome: 'verified', replayId: null };
  return { outcome: 'invalid', reason: `The token in ${scheme.header} is not the secret.` };
}

/** The secret itself in a field of the JSON body. */
export function verifyBodyToken(
  scheme: Extract<SignatureScheme, { kind: 'token-body' }>,
  request: SignedRequest,
  secrets: readonly string[],
): SignatureOutcome {
  const token = readField(request.body, scheme.field);
  if (token === null) return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };
  if (isOneOf(token, secrets)) return { outcome: 'verified', replayId: null };
  return { outcome: 'invalid', reason: `The field ${scheme.field} is not the secret.` };
}

/** True when the token is one of the secrets; the time it takes tells nothing of their texts. */
export function isOneOf(token: string, secrets: readonly string[]): boolean {
  const digest = sha256(token);
  let found = false;
  for (const secret of secrets) found = timingSafeEqual(digest, sha256(secret)) || found;
  return found;
}

export function sha256(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The text of a field of the body's object, at its top. */
function readField(body: Buffer, field: string): string | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return null;
    const text = (value as Record<string, unknown>)[field];
    return typeof text === 'string' && text !== '' ? text : null;
  } catch {
    return null;
  }
}

import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { readSignedText } from './signed-text.ts';
import { invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

type PublicKeyScheme = Extract<SignatureScheme, { kind: 'ed25519' | 'ecdsa' }>;

/** Ed25519 and ECDSA signatures over parts of the request; the integration's secret is the sender's public key. */
export function verifyByPublicKey(
  scheme: PublicKeyScheme,
  request: SignedRequest,
  secrets: readonly string[],
): SignatureOutcome {
  const text = readSignedText(scheme, request);
  if (text.kind === 'absent') return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };
  if (text.kind === 'invalid') return text.refusal;
  const signed = Buffer.concat(text.parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  let usable = false;
  for (const secret of secrets) {
    const key = readPublicKey(secret, scheme.kind);
    if (key === null) continue;
    usable = true;
    for (const candidate of text.candidates)
      if (isSignature(scheme.kind, signed, key, candidate)) return verified('sender', text.replayOf(candidate));
  }
  return usable
    ? invalid('The signature does not match the body with any valid public key.')
    : invalid(`What is set as secret is not a public key of the kind ${scheme.kind}.`);
}

function isSignature(kind: PublicKeyScheme['kind'], signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(kind === 'ed25519' ? null : 'sha256', signed, key, signature);
  } catch {
    return false;
  }
}

/** The header of an Ed25519 key in SPKI (RFC 8410), which its 32 bytes follow. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const P256 = 'prime256v1';

/** A public key from text: PEM, SPKI in base64, or the 32 bytes of Ed25519 in hex or base64. Null when it is none. */
export function readPublicKey(text: string, kind: 'ed25519' | 'ecdsa' | 'rsa'): KeyObject | null {
  const trimmed = text.trim().replaceAll('\\n', '\n');
  try {
    const key = trimmed.startsWith('-----BEGIN')
      ? createPublicKey(trimmed)
      : createPublicKey({ key: derOf(trimmed, kind), format: 'der', type: 'spki' });
    switch (kind) {
      case 'ed25519':
        return key.asymmetricKeyType === 'ed25519' ? key : null;
      case 'ecdsa':
        return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === P256 ? key : null;
      case 'rsa':
        return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : null;
    }
  } catch {
    return null;
  }
}

function derOf(text: string, kind: string): Buffer {
  const hex = /^[0-9a-f]{64}$/i.test(text);
  const bytes = hex ? Buffer.from(text, 'hex') : Buffer.from(text.replace(/^whpk_/, ''), 'base64');
  return kind === 'ed25519' && bytes.length === 32 ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
}

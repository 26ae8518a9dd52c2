import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/**
 * Signed statements in a DSSE envelope (Dead Simple Signing Envelope v1.0.2,
 * github.com/secure-systems-lab/dsse/blob/master/protocol.md): what is signed is the payload's type and exact bytes,
 * so that a statement of one kind is never taken for one of another, and nothing is serialised again to be verified.
 */
export const envelopeSchema = z.strictObject({
  payloadType: z.string().min(1).max(128),
  payload: z.base64().max(65_536),
  signatures: z
    .array(z.strictObject({ keyid: z.string().regex(/^[0-9a-f]{64}$/), sig: z.base64().max(128) }))
    .min(1)
    .max(4),
});
/** One that carries a long list. */
export const listEnvelopeSchema = envelopeSchema.extend({ payload: z.base64().max(4_194_304) });
export type Envelope = z.infer<typeof envelopeSchema>;

/** "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `), payload]);
}

/** The id of a public key: sha256 in hex over its SubjectPublicKeyInfo in DER. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** An Ed25519 key that signs, with its public half at hand. */
export interface SigningKey {
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export function signEnvelope(payloadType: string, payload: string, key: SigningKey): Envelope {
  const bytes = Buffer.from(payload);
  const signature = sign(null, preAuthEncoding(payloadType, bytes), key.privateKey);
  return {
    payloadType,
    payload: bytes.toString('base64'),
    signatures: [{ keyid: key.id, sig: signature.toString('base64') }],
  };
}

export type EnvelopeResult =
  { ok: true; payload: string; keyId: string } | { ok: false; reason: 'type' | 'key' | 'signature'; message: string };

/**
 * Verifies an envelope with the keys that are trusted for it.
 *
 * @param keys public keys by their id; a signature by any one of them is enough
 */
export function openEnvelope(
  envelope: Envelope,
  payloadType: string,
  keys: ReadonlyMap<string, KeyObject>,
): EnvelopeResult {
  if (envelope.payloadType !== payloadType)
    return { ok: false, reason: 'type', message: `The envelope does not hold a ${payloadType}.` };
  const known = envelope.signatures.filter(({ keyid }) => keys.has(keyid));
  if (known.length === 0) return { ok: false, reason: 'key', message: 'The envelope is not signed by a trusted key.' };
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = preAuthEncoding(payloadType, payload);
  for (const { keyid, sig } of known) {
    const key = keys.get(keyid);
    if (key?.asymmetricKeyType === 'ed25519' && verify(null, signed, key, Buffer.from(sig, 'base64')))
      return { ok: true, payload: payload.toString('utf8'), keyId: keyid };
  }
  return { ok: false, reason: 'signature', message: 'The signature does not match the statement.' };
}

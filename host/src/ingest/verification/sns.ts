import { createVerify, X509Certificate, type KeyObject } from 'node:crypto';
import type { SignatureOutcome, SignedRequest } from './signed-request.ts';
import { readSnsMessage } from './sns-message.ts';

/** Fetches one of the URLs that the caller has pinned; never follows redirects, bounded in bytes and time. */
export type FetchPinned = (url: string) => Promise<{ status: number; body: Uint8Array }>;

export interface SnsVerifier {
  verify(request: SignedRequest): Promise<SignatureOutcome>;
}

const CERTIFICATES = 32;
const KEEP_MS = 6 * 60 * 60 * 1000;
/** How long a certificate that could not be had is not asked for again. */
const KEEP_FAILURE_MS = 15_000;
const CERTIFICATE_BYTES = 32 * 1024;

interface Cached {
  key: Promise<KeyObject>;
  until: number;
}

/** Verifies SNS messages with certificates from Amazon's own hosts, which are kept for hours. */
export function createSnsVerifier(fetchPinned: FetchPinned): SnsVerifier {
  const certificates = new Map<string, Cached>();

  function keyAt(url: string, now: number): Promise<KeyObject> {
    const cached = certificates.get(url);
    if (cached !== undefined && cached.until > now) return cached.key;
    const key = fetchKey(fetchPinned, url, now);
    const entry = { key, until: now + KEEP_MS };
    certificates.delete(url);
    certificates.set(url, entry);
    key.catch(() => (entry.until = now + KEEP_FAILURE_MS));
    for (const oldest of certificates.keys()) {
      if (certificates.size <= CERTIFICATES) break;
      certificates.delete(oldest);
    }
    return key;
  }

  return {
    async verify(request) {
      const message = readSnsMessage(request.body);
      if (message === null) return { outcome: 'absent' };
      if (typeof message === 'string') return { outcome: 'invalid', reason: message };
      let key: KeyObject;
      try {
        key = await keyAt(message.signingCertUrl, request.receivedAt);
      } catch {
        return { outcome: 'invalid', reason: 'The signing certificate could not be had from Amazon SNS.' };
      }
      const verify = createVerify(message.signatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
      verify.update(message.signedText, 'utf8');
      if (!verify.verify(key, message.signature))
        return { outcome: 'invalid', reason: 'The signature does not match the message.' };
      return { outcome: 'verified', replayId: `sns ${message.messageId}`, topicArn: message.topicArn };
    },
  };
}

async function fetchKey(fetchPinned: FetchPinned, url: string, now: number): Promise<KeyObject> {
  const { status, body } = await fetchPinned(url);
  if (status !== 200 || body.byteLength > CERTIFICATE_BYTES) throw new Error(`The certificate was answered ${status}`);
  const certificate = new X509Certificate(Buffer.from(body));
  if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now)
    throw new Error('The certificate is not valid now');
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') throw new Error('The certificate has no RSA key');
  return certificate.publicKey;
}

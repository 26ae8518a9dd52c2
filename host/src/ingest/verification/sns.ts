import { createVerify, X509Certificate, type KeyObject } from 'node:crypto';
import { createPinnedKeys, withoutKey, type FetchPinned } from './pinned-keys.ts';
import { invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';
import { readSnsMessage } from './sns-message.ts';

/** Verifies SNS messages with certificates from Amazon's own hosts. */
export function createSnsVerifier(fetchPinned: FetchPinned): (request: SignedRequest) => Promise<SignatureOutcome> {
  const certificates = createPinnedKeys(fetchPinned, readCertificate);
  return async (request) => {
    const message = readSnsMessage(request.body);
    if (message === null) return { outcome: 'absent' };
    if (typeof message === 'string') return invalid(message);
    let key: KeyObject;
    try {
      key = await certificates.keyAt(message.signingCertUrl, request.receivedAt);
    } catch (error) {
      return withoutKey(error, 'The signing certificate could not be had from Amazon SNS.');
    }
    const verify = createVerify(message.signatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
    verify.update(message.signedText, 'utf8');
    if (!verify.verify(key, message.signature)) return invalid('The signature does not match the message.');
    const replay = { id: `sns ${message.messageId}`, timed: false };
    return { ...verified('vendor', replay), topicArn: message.topicArn };
  };
}

function readCertificate(body: Buffer, now: number): KeyObject {
  const certificate = new X509Certificate(body);
  if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now)
    throw new Error('The certificate is not valid now');
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') throw new Error('The certificate has no RSA key');
  return certificate.publicKey;
}

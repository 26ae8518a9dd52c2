import { createVerify, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { readChain } from './certificate-chain.ts';
import { readDigest } from './digest-text.ts';
import { createPinnedKeys, withoutKey, type FetchPinned } from './pinned-keys.ts';
import { headerText, invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

const CERT_URL = /^https:\/\/(?:[a-z0-9-]{1,63}\.){0,3}paypal\.com\/v1\/notifications\/certs\/[A-Za-z0-9_.-]{1,128}$/;
const SUBJECT = /^CN=(?:[a-z0-9-]{1,63}\.){0,3}paypal\.com$/im;
const ALGORITHM = 'SHA256withRSA';

/**
 * PayPal webhooks (PayPal Developer, "Verify the webhook event payload"): RSA-SHA256 over
 * `transmission id|time|webhook id|CRC-32 of the raw body`, with a certificate from PayPal's hosts. There is no bound
 * on the time, since PayPal repeats a transmission for days; the signed id keeps it from counting twice.
 *
 * @param roots certificates that a chain may end in, PEM; by default those that Node trusts
 */
export function createPaypalVerifier(
  fetchPinned: FetchPinned,
  roots?: readonly string[],
): (request: SignedRequest, webhookIds: readonly string[]) => Promise<SignatureOutcome> {
  const certificates = createPinnedKeys(fetchPinned, (body, now) => readKey(body, now, roots));
  return async (request, webhookIds) => {
    const signature = headerText(request, 'paypal-transmission-sig');
    if (signature === undefined) return { outcome: 'absent' };
    if (webhookIds.length === 0) return { outcome: 'unset' };
    const id = headerText(request, 'paypal-transmission-id');
    const time = headerText(request, 'paypal-transmission-time');
    const url = headerText(request, 'paypal-cert-url');
    if (id === undefined || time === undefined || url === undefined)
      return invalid('A header that is part of the signature is missing.');
    if (headerText(request, 'paypal-auth-algo') !== ALGORITHM) return invalid(`The algorithm is not ${ALGORITHM}.`);
    if (!CERT_URL.test(url)) return invalid('The certificate is not on a host of PayPal.');
    let key: KeyObject;
    try {
      key = await certificates.keyAt(url, request.receivedAt);
    } catch (error) {
      return withoutKey(error, 'The signing certificate could not be had from PayPal.');
    }
    const given = readDigest(signature, 'base64');
    if (given === null) return invalid('The signature does not have the expected form.');
    const checksum = crc32(request.body);
    for (const webhookId of webhookIds) {
      const text = `${id}|${time}|${webhookId}|${checksum}`;
      if (createVerify('RSA-SHA256').update(text).verify(key, given))
        return verified('sender', { id: `paypal ${id.slice(0, 128)}`, timed: false });
    }
    return invalid('The signature does not match the body and the webhook’s ID.');
  };
}

function readKey(body: Buffer, now: number, roots: readonly string[] | undefined): KeyObject {
  const certificate = readChain(body.toString('latin1'), now, roots);
  if (!SUBJECT.test(certificate.subject)) throw new Error('The certificate is not one of PayPal');
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') throw new Error('The certificate has no RSA key');
  return certificate.publicKey;
}

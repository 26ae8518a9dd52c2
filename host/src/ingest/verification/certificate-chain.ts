import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

const CHAIN_MAX = 5;
const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;

/**
 * The first certificate of a PEM file, once the chain in the file has been checked: each certificate is valid now, each
 * after the first is an authority and has signed the one before, and the last is a trusted root, is signed by one, or
 * has an issuer that nobody here knows: vendors also serve the leaf alone, and TLS has proved their host.
 *
 * @param roots PEM, by default those that Node trusts
 * @throws Error when a link does not hold
 */
export function readChain(pem: string, now: number, roots: readonly string[] = rootCertificates): X509Certificate {
  const chain = (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
  const [leaf] = chain;
  const last = chain.at(-1);
  if (leaf === undefined || last === undefined || chain.length > CHAIN_MAX) throw new Error('No chain of certificates');
  for (const [index, certificate] of chain.entries()) {
    if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now)
      throw new Error('A certificate is not valid now');
    const issuer = chain[index + 1];
    if (issuer !== undefined && !(issuer.ca && isIssuedBy(certificate, issuer)))
      throw new Error('A certificate is not signed by the one after it');
  }
  const issuers = roots.map((root) => new X509Certificate(root)).filter((root) => root.subject === last.issuer);
  const trusted = issuers.some((root) => root.fingerprint256 === last.fingerprint256 || isIssuedBy(last, root));
  if (!trusted && (issuers.length > 0 || last.issuer === last.subject))
    throw new Error('The chain does not lead to a trusted root');
  return leaf;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

import type { Authentication, SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { genericSignature } from '@patchbay/plugin-sdk/contract/verifier';

/** How a sender of this type proves itself, for the field where its secret is entered. */
export function signatureHelp({ signatures, policy }: Pick<Authentication, 'signatures' | 'policy'>): {
  needsSecret: boolean;
  text: string;
} {
  const own = signatures.length > 0;
  const schemes = own ? signatures : [genericSignature];
  const how = [...new Set(schemes.map(schemeInWords))].join('; or ');
  const needsSecret = schemes.some(({ kind }) => kind !== 'sns' && kind !== 'jwt');
  const standsIn = 'A valid signature stands in for the key.';
  if (!needsSecret) return { needsSecret, text: `${capitalised(how)}. There is no secret to enter. ${standsIn}` };
  if (!own)
    return {
      needsSecret,
      text: `This sender signs nothing by itself. If yours can be taught to, it sends ${how}. ${standsIn}`,
    };
  const rule = policy === 'required' ? 'Requests without a valid one are refused.' : standsIn;
  return { needsSecret, text: `The sender sends ${how}. ${rule}` };
}

function schemeInWords(scheme: SignatureScheme): string {
  switch (scheme.kind) {
    case 'hmac':
      return `an HMAC-${scheme.hash.toUpperCase()} in the header ${scheme.header}`;
    case 'token-header':
      return `the secret itself in the header ${scheme.header}`;
    case 'ed25519':
      return `an Ed25519 signature in the header ${scheme.header}`;
    case 'ecdsa':
      return `an ECDSA signature in the header ${scheme.header}`;
    case 'url-hmac':
      return `an HMAC-${scheme.hash.toUpperCase()} of URL and fields in the header ${scheme.header}`;
    case 'token-query':
      return `the secret in the parameter “${scheme.parameter}” of the URL`;
    case 'token-body':
      return `the secret in the field “${scheme.field}” of the body`;
    case 'basic':
      return 'user and password (HTTP Basic)';
    case 'jwt':
      return `a token of ${scheme.issuer === 'google' ? 'Google' : 'Microsoft Entra'}`;
    case 'paypal':
      return 'an RSA signature of PayPal, bound to the webhook’s ID';
    case 'travis':
      return 'an RSA signature of Travis CI';
    case 'sns':
      return 'Amazon SNS signs with a certificate of its own';
  }
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

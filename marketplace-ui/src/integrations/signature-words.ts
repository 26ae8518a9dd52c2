import type { Authentication, SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { genericSignature } from '@patchbay/plugin-sdk/contract/verifier';

/** How a sender of this type proves itself, for the field where its secret is entered. */
export function signatureHelp({ signatures, policy }: Authentication): { needsSecret: boolean; text: string } {
  const own = signatures.length > 0;
  const schemes = own ? signatures : [genericSignature];
  const how = schemes.map(schemeInWords).join('; or ');
  const needsSecret = schemes.some(({ kind }) => kind !== 'sns');
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
    case 'token-body':
      return `the secret in the field “${scheme.field}” of the body`;
    case 'sns':
      return 'Amazon SNS signs with a certificate of its own';
  }
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

import { z } from 'zod';
import { headerNameSchema, signatureSchemeSchema, type SignatureScheme } from './verifier.ts';

const SIGNED_CHARS = 200;
const PLACEHOLDER = /\{(body|timestamp|[A-Za-z0-9-]{1,64})\}/;

/**
 * The form of an HMAC that an operator's own sender signs with, named at its integration: it then stands instead of what
 * the plugin declares. The secret is the integration's signature secret.
 */
export const ownSignatureSchema = z
  .strictObject({
    header: headerNameSchema,
    hash: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    /** Text before the signature, such as `sha256=`. */
    prefix: z.string().max(32).default(''),
    /**
     * What is signed: text with `{body}` once, `{timestamp}` where there is a timestamp header, and the names of other
     * headers in braces, for example `v0:{timestamp}:{body}` or `{webhook-id}.{timestamp}.{body}`.
     */
    signed: z.string().min(1).max(SIGNED_CHARS).default('{body}'),
    timestampHeader: headerNameSchema.nullable().default(null),
    timestampUnit: z.enum(['s', 'ms', 'iso']).default('s'),
  })
  .superRefine((own, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    const parts = signedParts(own.signed);
    const count = (part: string): number => parts.filter((one) => one === part).length;
    if (count('body') !== 1) refuse('signed', 'Expected {body} once');
    if (count('timestamp') !== (own.timestampHeader === null ? 0 : 1))
      refuse('signed', 'Expected {timestamp} once with a timestamp header, and not without one');
    if (parts.length > 8) refuse('signed', 'Expected at most 8 parts');
    if (parts.some((part) => typeof part === 'object' && 'literal' in part && /[{}]/.test(part.literal)))
      refuse('signed', 'Expected {body}, {timestamp} or the name of a header in braces');
  });
export type OwnSignature = z.output<typeof ownSignatureSchema>;

type SignedParts = Extract<SignatureScheme, { kind: 'hmac' }>['signed'];

/** The scheme that an operator's form stands for. */
export function ownScheme(own: OwnSignature): SignatureScheme {
  const { header, hash, encoding, prefix, signed, timestampHeader, timestampUnit } = own;
  return signatureSchemeSchema.parse({
    kind: 'hmac',
    header,
    hash,
    encoding,
    prefix,
    signed: signedParts(signed),
    ...(timestampHeader === null ? {} : { timestamp: { from: { header: timestampHeader }, unit: timestampUnit } }),
  });
}

function signedParts(text: string): SignedParts {
  return text
    .split(new RegExp(`(${PLACEHOLDER.source.replace('(', '(?:')})`))
    .filter((piece) => piece !== '')
    .map((piece) => {
      const name = PLACEHOLDER.exec(piece)?.[1];
      if (name === undefined) return { literal: piece };
      return name === 'body' || name === 'timestamp' ? name : { header: name };
    });
}

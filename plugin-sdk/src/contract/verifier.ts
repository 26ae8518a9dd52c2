import { z } from 'zod';

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'Expected a header name');

/** A part of the text that a sender signs. */
const signedPartSchema = z.union([
  z.literal('body'),
  z.strictObject({ header: headerName }),
  z.strictObject({ literal: z.string().max(64) }),
  /** The timestamp named by `timestamp`, exactly as the sender wrote it. */
  z.literal('timestamp'),
]);

/**
 * How a sender signs, declared by the manifest and checked by the host over the raw bytes. The plugin never sees
 * the secret. Facts per vendor: docs/reference/verification.md.
 */
export const signatureSchemeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hmac'),
    header: headerName,
    /** Text before the digest, e.g. `sha256=` or `v0=`. With `list` each entry carries it. */
    prefix: z.string().max(32).default(''),
    /** Separator when the header carries several signatures or key=value pairs. */
    list: z.string().min(1).max(2).optional(),
    hash: z.enum(['sha1', 'sha256', 'sha512']),
    encoding: z.enum(['hex', 'base64']),
    signed: z.array(signedPartSchema).min(1).max(8).default(['body']),
    separator: z.string().max(2).default(''),
    /** How the secret text becomes a key: its UTF-8 bytes, or base64 after the `whsec_` prefix (Standard Webhooks). */
    key: z.enum(['utf8', 'whsec']).default('utf8'),
    timestamp: z
      .strictObject({
        /** A header, or a key of the pairs in the signature header (`t` in `t=1,v1=...`). */
        from: z.union([z.strictObject({ header: headerName }), z.strictObject({ pair: z.string().max(16) })]),
        unit: z.enum(['s', 'ms', 'iso']).default('s'),
        /** When the sender may leave the timestamp out (Grafana), the body alone is signed. */
        optional: z.boolean().default(false),
      })
      .optional(),
    /** Header that names the delivery, for replay protection by id. */
    idHeader: headerName.optional(),
  }),
  /** The secret itself in a header (GitLab's X-Gitlab-Token). */
  z.strictObject({ kind: z.literal('token-header'), header: headerName, prefix: z.string().max(32).default('') }),
  /** Amazon SNS: RSA over named parts of the body, certificate from Amazon's own hosts. */
  z.strictObject({ kind: z.literal('sns') }),
  /** The secret in a field of the JSON body (Honeycomb's shared_secret). */
  z.strictObject({ kind: z.literal('token-body'), field: z.string().min(1).max(64) }),
]);
export type SignatureScheme = z.infer<typeof signatureSchemeSchema>;

/** The scheme used on integrations whose vendor has none: hex HMAC-SHA256 of the raw body in `X-Signature`. */
export const genericSignature: SignatureScheme = {
  kind: 'hmac',
  header: 'X-Signature',
  prefix: 'sha256=',
  hash: 'sha256',
  encoding: 'hex',
  signed: ['body'],
  separator: '',
  key: 'utf8',
};

export const authenticationSchema = z.strictObject({
  /** Schemes that the vendor offers; any one that verifies is enough. Empty: the vendor signs nothing. */
  signatures: z.array(signatureSchemeSchema).max(4).default([]),
  /** `required`: a request without a valid signature is refused even with the right key. */
  policy: z.enum(['optional', 'required']).default('optional'),
  /** A handshake that needs a request to the vendor, made by the host to the vendor's pinned hosts. */
  handshake: z.enum(['sns-subscription']).optional(),
});
export type Authentication = z.infer<typeof authenticationSchema>;

import { z } from 'zod';

export const headerNameSchema = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'Expected a header name');
const fieldName = z.string().min(1).max(64);

/** A part of the text that a sender signs. */
const signedPartSchema = z.union([
  z.literal('body'),
  z.strictObject({ header: headerNameSchema }),
  z.strictObject({ literal: z.string().max(64) }),
  /** The timestamp named by `timestamp`, exactly as the sender wrote it. */
  z.literal('timestamp'),
]);

/** What is signed and where signature, time and id stand: the same for every algorithm. */
const signedText = {
  header: headerNameSchema,
  /** Setting of the integration that holds another name for the header, where the sender lets its user choose one. */
  headerSetting: fieldName.optional(),
  /** Text before the digest, e.g. `sha256=` or `v0=`. With `list` each entry carries it. */
  prefix: z.string().max(32).default(''),
  /** Separator when the header carries several signatures or key=value pairs. */
  list: z.string().min(1).max(2).optional(),
  encoding: z.enum(['hex', 'base64']),
  signed: z.array(signedPartSchema).min(1).max(8).default(['body']),
  separator: z.string().max(2).default(''),
  timestamp: z
    .strictObject({
      /** A header, or a key of the pairs in the signature header (`t` in `t=1,v1=...`). */
      from: z.union([
        z.strictObject({ header: headerNameSchema, headerSetting: fieldName.optional() }),
        z.strictObject({ pair: z.string().max(16) }),
      ]),
      unit: z.enum(['s', 'ms', 'iso']).default('s'),
      /** When the sender may leave the timestamp out (Grafana), the body alone is signed. */
      optional: z.boolean().default(false),
    })
    .optional(),
  /** Header that names the delivery, for replay protection by id. */
  idHeader: headerNameSchema.optional(),
};

/**
 * How a sender signs, declared by the manifest and checked by the host over the raw bytes. The plugin never sees
 * the secret. Facts per vendor: docs/reference/verification.md.
 */
export const signatureSchemeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hmac'),
    ...signedText,
    hash: z.enum(['sha1', 'sha256', 'sha512']),
    /** How the secret text becomes a key: its UTF-8 bytes, or base64 after the `whsec_` prefix (Standard Webhooks). */
    key: z.enum(['utf8', 'whsec']).default('utf8'),
  }),
  /** Ed25519. The secret is the sender's public key: 32 bytes as hex or base64, `whpk_...`, SPKI as base64, or PEM. */
  z.strictObject({ kind: z.literal('ed25519'), ...signedText }),
  /** ECDSA on P-256 with SHA-256, signature in DER. The secret is the public key: SPKI as base64, or PEM. */
  z.strictObject({ kind: z.literal('ecdsa'), ...signedText }),
  /**
   * HMAC over the URL as the sender calls it, followed by the names and values of the form's fields in order of their
   * names (Twilio, Splunk On-Call). A body that is no form counts only if the URL carries its SHA-256.
   */
  z.strictObject({
    kind: z.literal('url-hmac'),
    header: headerNameSchema,
    hash: z.enum(['sha1', 'sha256']).default('sha1'),
    encoding: z.enum(['hex', 'base64']).default('base64'),
    /** Query parameter with the body's SHA-256 in hex (Twilio's `bodySHA256`). */
    bodyDigest: fieldName.optional(),
  }),
  /** The secret itself in a header (GitLab's X-Gitlab-Token). */
  z.strictObject({ kind: z.literal('token-header'), header: headerNameSchema, prefix: z.string().max(32).default('') }),
  /** The secret in a parameter of the query; weak, because URLs are logged. */
  z.strictObject({ kind: z.literal('token-query'), parameter: fieldName }),
  /** The secret in a field of the JSON body or of the form (Honeycomb's shared_secret, Slack's old token). */
  z.strictObject({ kind: z.literal('token-body'), field: fieldName }),
  /** HTTP Basic. The secret is the password, or `user:password`. */
  z.strictObject({ kind: z.literal('basic') }),
  /** Amazon SNS: RSA over named parts of the body, certificate from Amazon's own hosts. */
  z.strictObject({ kind: z.literal('sns') }),
  /** PayPal: RSA over transmission id, time, webhook id and CRC-32 of the body. The secret is the webhook's id. */
  z.strictObject({ kind: z.literal('paypal') }),
  /** Travis CI: RSA over the form field `payload`. The key is Travis CI's own; a secret is one of another server. */
  z.strictObject({ kind: z.literal('travis') }),
  /**
   * A token that an identity provider has signed, in `Authorization: Bearer`. It counts only if each of the listed
   * claims equals a setting of the integration, and these are set: everybody gets tokens from these providers.
   */
  z.strictObject({
    kind: z.literal('jwt'),
    issuer: z.enum(['google', 'microsoft-entra']),
    /** From a claim to the setting that it must equal, e.g. `{"aud": "audience", "email": "serviceAccount"}`. */
    claims: z.record(fieldName, fieldName).refine((claims) => {
      const { length } = Object.keys(claims);
      return length > 0 && length <= 4 && Object.hasOwn(claims, 'aud');
    }, 'Expected up to four claims, with aud among them'),
  }),
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
  /** What the vendor calls the secret, and where it is found: "Public key", "Signing secret", "Webhook ID". */
  secret: z.strictObject({ title: z.string().min(1).max(60), description: z.string().max(400).optional() }).optional(),
  /**
   * `sns-subscription`: a handshake that needs a request to the vendor, made by the host to the vendor's pinned hosts.
   * `plugin-answer`: the sender wants the plugin's own answer (Slack's challenge, Discord's PING), so that its first
   * call, too, is waited for.
   */
  handshake: z.enum(['sns-subscription', 'plugin-answer']).optional(),
});
export type Authentication = z.infer<typeof authenticationSchema>;

/** The settings of an integration that schemes refer to: they must be among the plugin's. */
export function settingsOf(signatures: readonly SignatureScheme[]): string[] {
  return signatures.flatMap((scheme) => {
    if (scheme.kind === 'jwt') return Object.values(scheme.claims);
    if (scheme.kind !== 'hmac' && scheme.kind !== 'ed25519' && scheme.kind !== 'ecdsa') return [];
    const from = scheme.timestamp?.from;
    const timestamp = from !== undefined && 'header' in from ? from.headerSetting : undefined;
    return [scheme.headerSetting, timestamp].filter((setting) => setting !== undefined);
  });
}

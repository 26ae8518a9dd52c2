import { z } from 'zod';

/** One exact host, or the origin of a configuration value. */
export const hostReferenceSchema = z.union([
  z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'Expected one exact host, without a pattern'),
  z.strictObject({ configuration: z.string().min(1).max(64) }),
]);
export type HostReference = z.infer<typeof hostReferenceSchema>;

/** A text of the manifest, or the value of a configuration field. */
const textReferenceSchema = z.union([
  z.string().min(1).max(400),
  z.strictObject({ configuration: z.string().min(1).max(64) }),
]);
export type TextReference = z.infer<typeof textReferenceSchema>;

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** Where tokens are asked for: https, unless a configured address says http. */
const tokenEndpointSchema = z.strictObject({
  host: hostReferenceSchema,
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9._~/-]*$/)
    .max(400)
    .default('/'),
});
export type TokenEndpoint = z.infer<typeof tokenEndpointSchema>;

/** What an HMAC is taken over, joined by the separator. */
const signedPartSchema = z.union([
  z.enum(['method', 'path', 'query', 'body', 'timestamp']),
  z.strictObject({ header: headerName }),
  z.strictObject({ text: z.string().max(64) }),
]);

/**
 * How the egress attaches a secret to a request. The plugin only names it; neither the secret nor a token that is got by
 * it enters the sandbox.
 */
export const credentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bearer'), host: hostReferenceSchema }),
  /** `username` is the name of a configuration field; the secret is the password. */
  z.strictObject({ kind: z.literal('basic'), host: hostReferenceSchema, username: z.string().min(1).max(64) }),
  z.strictObject({
    kind: z.literal('header'),
    host: hostReferenceSchema,
    header: headerName,
    prefix: z.string().max(32).default(''),
  }),
  /** Weak: addresses stand in the logs of whatever lies between. */
  z.strictObject({
    kind: z.literal('query'),
    host: hostReferenceSchema,
    parameter: z.string().regex(/^[A-Za-z0-9_.~-]{1,64}$/),
  }),
  /** Weak as `query` is. The plugin writes `:name` in the path where the secret of that name goes. */
  z.strictObject({ kind: z.literal('path'), host: hostReferenceSchema }),
  /** RFC 6749. The secret has parts: client id, client secret, and with `refresh-token` a refresh token. */
  z.strictObject({
    kind: z.literal('oauth2'),
    host: hostReferenceSchema,
    grant: z.enum(['client-credentials', 'refresh-token']),
    token: tokenEndpointSchema,
    scope: textReferenceSchema.optional(),
    audience: textReferenceSchema.optional(),
    /** How the client says who it is: HTTP Basic, or fields of the form. */
    client: z.enum(['basic', 'form']).default('basic'),
  }),
  /** The secret is a private key in PEM. Its JWT is the bearer, or is exchanged for one (RFC 7523). */
  z.strictObject({
    kind: z.literal('jwt'),
    host: hostReferenceSchema,
    algorithm: z.enum(['RS256', 'ES256']),
    claims: z.record(z.string().regex(/^(?!iat$|exp$|nbf$|jti$)[A-Za-z_][A-Za-z0-9_:./-]{0,63}$/), textReferenceSchema),
    keyId: textReferenceSchema.optional(),
    lifetimeSeconds: z.int().min(30).max(3600).default(300),
    exchange: z.strictObject({ token: tokenEndpointSchema, scope: textReferenceSchema.optional() }).optional(),
  }),
  /** AWS Signature Version 4. The secret has parts: access key id, secret access key, session token. */
  z.strictObject({
    kind: z.literal('sigv4'),
    host: hostReferenceSchema,
    service: z.string().regex(/^[a-z0-9-]{1,64}$/),
    region: textReferenceSchema,
  }),
  z.strictObject({
    kind: z.literal('hmac'),
    host: hostReferenceSchema,
    header: headerName,
    prefix: z.string().max(32).default(''),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    parts: z.array(signedPartSchema).min(1).max(10),
    separator: z.string().max(8).default(''),
    timestamp: z
      .strictObject({ header: headerName, format: z.enum(['seconds', 'milliseconds', 'iso']).default('seconds') })
      .optional(),
  }),
]);
export type Credential = z.infer<typeof credentialSchema>;

/** A field in which an operator enters a secret, or a part of it. */
export interface SecretPart {
  name: string;
  title: string;
  required: boolean;
  /** False for what only names the secret, such as a client id. */
  hidden: boolean;
}

/** The parts of a secret that has several; null for a secret that is one text. */
export function secretParts(credential: Credential): readonly SecretPart[] | null {
  const part = (name: string, title: string, hidden = true, required = true): SecretPart => ({
    ...{ name, title, hidden, required },
  });
  switch (credential.kind) {
    case 'oauth2': {
      const client = [part('clientId', 'Client ID', false)];
      return credential.grant === 'client-credentials'
        ? [...client, part('clientSecret', 'Client secret')]
        : [...client, part('clientSecret', 'Client secret', true, false), part('refreshToken', 'Refresh token')];
    }
    case 'sigv4':
      return [
        part('accessKeyId', 'Access key ID', false),
        part('secretAccessKey', 'Secret access key'),
        part('sessionToken', 'Session token', true, false),
      ];
    case 'bearer':
    case 'basic':
    case 'header':
    case 'query':
    case 'path':
    case 'jwt':
    case 'hmac':
      return null;
  }
}

/** Every host that a secret, or what is got by it, goes to. */
export function credentialHosts(credential: Credential): HostReference[] {
  return [credential.host, ...tokenEndpoints(credential).map(({ host }) => host)];
}

export function tokenEndpoints(credential: Credential): TokenEndpoint[] {
  if (credential.kind === 'oauth2') return [credential.token];
  return credential.kind === 'jwt' && credential.exchange !== undefined ? [credential.exchange.token] : [];
}

/** Names of the configuration fields that a credential reads, its hosts among them. */
export function credentialFields(credential: Credential): string[] {
  const references: (TextReference | undefined)[] = credentialHosts(credential);
  const { kind } = credential;
  if (kind === 'oauth2') references.push(credential.scope, credential.audience);
  if (kind === 'sigv4') references.push(credential.region);
  if (kind === 'jwt')
    references.push(...Object.values(credential.claims), credential.keyId, credential.exchange?.scope);
  const named = references.flatMap((reference) => (typeof reference === 'object' ? [reference.configuration] : []));
  return kind === 'basic' ? [...named, credential.username] : named;
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { FORM_TYPE, readFormFields } from './form-fields.ts';
import { headerText, invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

/** The kinds that send the secret itself: they prove who sends, not what was sent. */
type TokenScheme = Extract<SignatureScheme, { kind: 'token-header' | 'token-query' | 'token-body' | 'basic' }>;

export function verifyToken(scheme: TokenScheme, request: SignedRequest, secrets: readonly string[]): SignatureOutcome {
  const tokens = readTokens(scheme, request);
  if (tokens === null) return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };
  let fits = false;
  for (const token of tokens) fits = isOneOf(token, secrets) || fits;
  return fits ? verified('sender') : invalid(refusal(scheme));
}

/** What may be the secret; null when the request carries nothing of the scheme. */
function readTokens(scheme: TokenScheme, request: SignedRequest): string[] | null {
  switch (scheme.kind) {
    case 'token-header': {
      const header = headerText(request, scheme.header);
      if (header === undefined) return null;
      return header.startsWith(scheme.prefix) ? [header.slice(scheme.prefix.length)] : [];
    }
    case 'token-query': {
      const values = new URL(request.url).searchParams.getAll(scheme.parameter);
      return values.length === 0 ? null : values.slice(0, 1);
    }
    case 'token-body': {
      const field = readField(request, scheme.field);
      return field === null ? null : [field];
    }
    case 'basic': {
      const credentials = basicCredentials(headerText(request, 'authorization'));
      return credentials === null ? null : [credentials.password, `${credentials.user}:${credentials.password}`];
    }
  }
}

function refusal(scheme: TokenScheme): string {
  switch (scheme.kind) {
    case 'token-header':
      return `The token in ${scheme.header} is not the secret.`;
    case 'token-query':
      return `The parameter ${scheme.parameter} is not the secret.`;
    case 'token-body':
      return `The field ${scheme.field} is not the secret.`;
    case 'basic':
      return 'User or password is wrong.';
  }
}

/** User and password of a Basic header (RFC 7617), null when it is none. */
export function basicCredentials(header: string | undefined): { user: string; password: string } | null {
  const encoded = header === undefined ? undefined : /^Basic +([A-Za-z0-9+/]{1,2048}={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** True when the token is one of the secrets; the time it takes tells nothing of their texts. */
export function isOneOf(token: string, secrets: readonly string[]): boolean {
  const digest = sha256(token);
  let found = false;
  for (const secret of secrets) found = timingSafeEqual(digest, sha256(secret)) || found;
  return found;
}

export function sha256(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The text of a field at the top of the body's object, or of its form. */
function readField({ headers, body }: SignedRequest, field: string): string | null {
  const contentType = headers['content-type'];
  if (typeof contentType === 'string' && FORM_TYPE.test(contentType)) {
    const found = readFormFields(body)?.find(({ name }) => name.toString('utf8') === field);
    return found === undefined || found.value.length === 0 ? null : found.value.toString('utf8');
  }
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return null;
    const text = (value as Record<string, unknown>)[field];
    return typeof text === 'string' && text !== '' ? text : null;
  } catch {
    return null;
  }
}

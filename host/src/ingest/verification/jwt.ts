import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { createPinnedKeys, withoutKey, type FetchPinned } from './pinned-keys.ts';
import { headerText, invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

type JwtScheme = Extract<SignatureScheme, { kind: 'jwt' }>;
type Claims = Readonly<Record<string, unknown>>;

/** Where each provider publishes its keys, and what it calls itself. */
const ISSUERS = {
  google: {
    keys: 'https://www.googleapis.com/oauth2/v3/certs',
    isIssuer: ({ iss }: Claims) => iss === 'https://accounts.google.com' || iss === 'accounts.google.com',
  },
  'microsoft-entra': {
    keys: 'https://login.microsoftonline.com/common/discovery/v2.0/keys',
    isIssuer: ({ iss, tid }: Claims) =>
      typeof tid === 'string' &&
      /^[0-9a-f-]{36}$/i.test(tid) &&
      (iss === `https://sts.windows.net/${tid}/` || iss === `https://login.microsoftonline.com/${tid}/v2.0`),
  },
} as const;

const TOKEN = /^Bearer +([A-Za-z0-9_-]{2,4096})\.([A-Za-z0-9_-]{2,8192})\.([A-Za-z0-9_-]{2,2048})$/i;

/**
 * Tokens of Google (Pub/Sub push) and Microsoft Entra (Azure Monitor's secure webhook), RS256 alone (RFC 7519, 8725).
 * They prove who sends, not what was sent, and are used for many requests.
 */
export function createJwtVerifier(
  fetchPinned: FetchPinned,
): (scheme: JwtScheme, request: SignedRequest) => Promise<SignatureOutcome> {
  const published = createPinnedKeys(fetchPinned, readKeySet);
  return async (scheme, request) => {
    const token = TOKEN.exec(headerText(request, 'authorization') ?? '');
    if (token === null) return { outcome: 'absent' };
    const [, head = '', body = '', signature = ''] = token;
    const wanted = Object.entries(scheme.claims).map(([claim, setting]) => [claim, request.settings[setting]] as const);
    if (wanted.some(([, value]) => typeof value !== 'string' || value === '')) return { outcome: 'unset' };
    const header = readJson(head);
    const claims = readJson(body);
    if (header === null || claims === null) return { outcome: 'absent' };
    if (header['alg'] !== 'RS256' || typeof header['kid'] !== 'string') return invalid('The token is not of RS256.');
    const issuer = ISSUERS[scheme.issuer];
    let key: KeyObject | undefined;
    try {
      key = (await published.keyAt(issuer.keys, request.receivedAt)).get(header['kid']);
    } catch (error) {
      return withoutKey(error, 'The keys of the token’s issuer could not be had.');
    }
    if (key === undefined) {
      published.forget(issuer.keys, request.receivedAt);
      return invalid('The token is signed with an unknown key.');
    }
    if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      return invalid('The token’s signature is wrong.');
    if (!issuer.isIssuer(claims)) return invalid('The token is of another issuer.');
    if (!isCurrent(claims, request.receivedAt)) return invalid('The token is not valid now.');
    for (const [claim, value] of wanted)
      if (!Object.hasOwn(claims, claim) || claims[claim] !== value)
        return invalid(`The token’s "${claim}" is not the one in the settings.`);
    return verified('sender');
  };
}

function readJson(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

/** @param now milliseconds; the claims are in seconds */
function isCurrent({ exp, nbf, email_verified }: Claims, now: number): boolean {
  const tolerance = ingestLimits.signatureToleranceMs;
  return (
    typeof exp === 'number' &&
    exp * 1000 + tolerance > now &&
    (nbf === undefined || (typeof nbf === 'number' && nbf * 1000 - tolerance < now)) &&
    email_verified !== false
  );
}

function readKeySet(body: Buffer): ReadonlyMap<string, KeyObject> {
  const { keys } = JSON.parse(body.toString('utf8')) as { keys: JsonWebKey[] };
  const set = new Map<string, KeyObject>();
  for (const key of keys.slice(0, 50))
    if (key.kty === 'RSA' && typeof key['kid'] === 'string')
      set.set(key['kid'], createPublicKey({ key, format: 'jwk' }));
  if (set.size === 0) throw new Error('The key set holds no RSA key');
  return set;
}

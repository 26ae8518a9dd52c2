import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Credential } from '@patchbay/plugin-sdk/contract/credential';
import { SignJWT } from 'jose';
import { attachToken } from './bearer-token.ts';
import { denied, type CredentialResult, type Means, type Outgoing } from './credential-means.ts';
import { endpointOf, textOf } from './text-reference.ts';
import { askForToken } from './token-endpoint.ts';

type Jwt = Extract<Credential, { kind: 'jwt' }>;

/** Clocks differ: vendors refuse what was issued in their future. */
const BACKDATED_SECONDS = 30;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** A JWT signed by the secret, as bearer or exchanged for one (RFC 7519, RFC 7523). */
export async function attachJwt(credential: Jwt, means: Means, outgoing: Outgoing): Promise<CredentialResult> {
  const { configuration } = means;
  const key = readKey(means.secret, credential.algorithm);
  if (key === null) return denied(`The secret "${means.name}" is no private key for ${credential.algorithm}`);
  const claims: Record<string, string> = {};
  for (const [name, reference] of Object.entries(credential.claims)) {
    const text = textOf(reference, configuration);
    if (text === null) return denied(`The setting for the claim "${name}" of "${means.name}" is empty`);
    claims[name] = text;
  }
  const keyId = credential.keyId === undefined ? null : textOf(credential.keyId, configuration);
  const header = { alg: credential.algorithm, typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) };
  const sign = (extra: Record<string, string> = {}) => {
    const issuedAt = Math.floor(means.now.getTime() / 1000) - BACKDATED_SECONDS;
    return new SignJWT({ ...extra, ...claims })
      .setProtectedHeader(header)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + credential.lifetimeSeconds)
      .sign(key);
  };

  const { exchange } = credential;
  if (exchange === undefined) {
    const token = await sign();
    const headers = { authorization: `Bearer ${token}` };
    return { ok: true, url: outgoing.url.href, headers, hidden: [means.secret, token] };
  }
  const url = endpointOf(exchange.token, configuration);
  if (url === null) return denied(`The address at which "${means.name}" gets its token is not set`);
  const scope = exchange.scope === undefined ? null : textOf(exchange.scope, configuration);
  return attachToken(means, outgoing, [credential, url, claims, keyId, scope], [means.secret], async () =>
    askForToken(means.egress, url, {
      grant_type: JWT_BEARER,
      assertion: await sign({ aud: url }),
      ...(scope === null ? {} : { scope }),
    }),
  );
}

function readKey(pem: string, algorithm: Jwt['algorithm']): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    const type = algorithm === 'RS256' ? 'rsa' : 'ec';
    if (key.asymmetricKeyType !== type) return null;
    return type === 'ec' && key.asymmetricKeyDetails?.namedCurve !== 'prime256v1' ? null : key;
  } catch {
    return null;
  }
}

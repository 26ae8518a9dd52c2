import type { Credential } from '@patchbay/plugin-sdk/contract/credential';
import { attachToken } from './bearer-token.ts';
import { denied, type CredentialResult, type Means, type Outgoing } from './credential-means.ts';
import { partsOf } from './secret-parts.ts';
import { endpointOf, textOf } from './text-reference.ts';
import { askForToken } from './token-endpoint.ts';
import type { Obtained } from './token-keeper.ts';

type OAuth2 = Extract<Credential, { kind: 'oauth2' }>;

/** A bearer token by client credentials or by a refresh token (RFC 6749 4.4, 6); a refresh token that is replaced is kept. */
export async function attachOAuth2(credential: OAuth2, means: Means, outgoing: Outgoing): Promise<CredentialResult> {
  const { configuration } = means;
  const url = endpointOf(credential.token, configuration);
  if (url === null) return denied(`The address at which "${means.name}" gets its token is not set`);
  const wanted: Record<string, string> = {};
  for (const field of ['scope', 'audience'] as const) {
    const reference = credential[field];
    const text = reference === undefined ? null : textOf(reference, configuration);
    if (text !== null) wanted[field] = text;
  }
  const now = partsOf(means.secret);
  const hidden = [now['clientSecret'], now['refreshToken']].filter((part) => part !== undefined);

  async function obtain(): Promise<Obtained> {
    // Not what was read before: another host may have been given a new refresh token meanwhile.
    const parts = partsOf((await means.readAgain()) ?? means.secret);
    const { clientId = '', clientSecret, refreshToken } = parts;
    const grant =
      credential.grant === 'client-credentials'
        ? { grant_type: 'client_credentials' }
        : { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };
    const inHeader = credential.client === 'basic' && clientSecret !== undefined;
    const client = { client_id: clientId, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
    const got = await askForToken(
      means.egress,
      url ?? '',
      { ...grant, ...wanted, ...(inHeader ? {} : client) },
      inHeader ? { authorization: basic(clientId, clientSecret) } : {},
    );
    if (!got.ok || got.refreshToken === undefined || credential.grant !== 'refresh-token') return got;
    return { ...got, secret: JSON.stringify({ ...parts, refreshToken: got.refreshToken }) };
  }

  return attachToken(means, outgoing, [credential, url, wanted], hidden, obtain);
}

/** RFC 6749 2.3.1: both are form-encoded first. */
function basic(id: string, secret: string): string {
  const encoded = [id, secret].map((text) => new URLSearchParams([['', text]]).toString().slice(1)).join(':');
  return `Basic ${Buffer.from(encoded).toString('base64')}`;
}

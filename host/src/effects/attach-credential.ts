import type { Credential } from '@patchbay/plugin-sdk/contract/credential';
import { attachHmac } from './credentials/hmac.ts';
import { attachJwt } from './credentials/jwt.ts';
import { attachOAuth2 } from './credentials/oauth2.ts';
import { attachPlain } from './credentials/plain.ts';
import { attachSigV4 } from './credentials/sigv4.ts';
import { originOf } from './credentials/text-reference.ts';
import { denied, type CredentialResult, type Means, type Outgoing } from './credentials/credential-means.ts';
import type { Egress } from '../egress/egress.ts';
import type { HttpContext } from './perform-http.ts';

/**
 * Attaches a declared secret to a request whose body is known. It goes to exactly the host and port that its declaration
 * names; anywhere else the request is refused, so that the secret cannot be sent astray.
 */
export async function attachCredential(
  egress: Egress,
  context: HttpContext,
  name: string,
  outgoing: Outgoing,
): Promise<CredentialResult> {
  const { manifest, configuration, tokens } = context;
  const declaration = manifest.secrets.find((entry) => entry.name === name);
  if (declaration === undefined) return denied(`The manifest declares no secret "${name}"`);
  const { credential } = declaration;
  const origin = originOf(credential.host, configuration);
  if (origin === null || origin !== outgoing.url.origin)
    return denied(`The secret "${name}" is bound to another host than ${outgoing.url.host}`);
  const readAgain = () => context.readSecret(name);
  const secret = await readAgain();
  if (secret === null) return denied(`The secret "${name}" is not set. Enter it under Installed`);
  return attachKind(credential, { name, configuration, secret, readAgain, tokens, egress, now: new Date() }, outgoing);
}

/** Each kind of the closed list. */
export async function attachKind(credential: Credential, means: Means, outgoing: Outgoing): Promise<CredentialResult> {
  switch (credential.kind) {
    case 'bearer':
    case 'basic':
    case 'header':
    case 'query':
    case 'path':
      return attachPlain(credential, means, outgoing);
    case 'oauth2':
      return attachOAuth2(credential, means, outgoing);
    case 'jwt':
      return attachJwt(credential, means, outgoing);
    case 'sigv4':
      return attachSigV4(credential, means, outgoing);
    case 'hmac':
      return attachHmac(credential, means, outgoing);
  }
}

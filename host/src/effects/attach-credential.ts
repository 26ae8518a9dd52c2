import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { configuredOrigin } from './http-permission.ts';

export type CredentialResult =
  | { ok: true; headers: Record<string, string>; secret: string }
  | { ok: false; code: 'PERMISSION_DENIED'; message: string };

/**
 * The headers by which a declared secret is attached to a request. It goes to exactly the host and port that its
 * declaration names; anywhere else the request is refused, so that the secret cannot be sent astray.
 *
 * @param secret the value, read just for this request; null when the operator has not set it
 */
export function attachCredential(
  manifest: Manifest,
  configuration: Record<string, unknown>,
  name: string,
  url: URL,
  secret: string | null,
): CredentialResult {
  const declaration = manifest.secrets.find((entry) => entry.name === name);
  if (declaration === undefined) return denied(`The manifest declares no secret "${name}"`);
  const { credential } = declaration;
  const origin =
    typeof credential.host === 'string'
      ? `https://${credential.host}`
      : configuredOrigin(configuration, credential.host.configuration);
  if (origin === null || new URL(origin).origin !== url.origin)
    return denied(`The secret "${name}" is bound to another host than ${url.host}`);
  if (secret === null) return denied(`The secret "${name}" is not set. Enter it under Installed`);
  switch (credential.kind) {
    case 'bearer':
      return { ok: true, headers: { authorization: `Bearer ${secret}` }, secret };
    case 'basic': {
      const username = configuration[credential.username];
      const pair = `${typeof username === 'string' ? username : ''}:${secret}`;
      return { ok: true, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, secret };
    }
    case 'header':
      return { ok: true, headers: { [credential.header.toLowerCase()]: credential.prefix + secret }, secret };
  }
}

function denied(message: string): CredentialResult {
  return { ok: false, code: 'PERMISSION_DENIED', message };
}

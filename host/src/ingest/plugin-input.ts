import { isUtf8 } from 'node:buffer';
import { ABI_VERSION } from '@patchbay/plugin-sdk/contract/envelopes';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { DoorPlugin } from './door-integration.ts';

/** Headers that carry what proves the sender; neither plugin nor request log gets them. */
const CREDENTIAL_HEADERS = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'x-auth-token',
  'x-forwarded-client-cert',
]);
const CREDENTIAL_PARAMETERS = new Set(['key', 'integrationId', 'token', 'secret', 'signature', 'access_token']);

/** Headers without credentials, as a plain object: names in lower case, several values joined (RFC 9110 5.2). */
export function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  plugin: DoorPlugin | null,
): Record<string, string> {
  const plain: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || CREDENTIAL_HEADERS.has(name) || carriesSecret(name, plugin)) continue;
    if (++count > ingestLimits.headerCount) break;
    plain[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}

/** A header of a scheme that sends the secret itself. A digest of the body is no secret, and helps to look into failures. */
function carriesSecret(name: string, plugin: DoorPlugin | null): boolean {
  if (plugin === null) return false;
  for (const scheme of plugin.schemes)
    if (scheme.kind === 'token-header' && scheme.header.toLowerCase() === name) return true;
  return false;
}

/** Query parameters without credentials; every value of a name, in order. */
export function plainQuery(
  query: Readonly<Record<string, unknown>>,
  plugin: DoorPlugin | null,
): Record<string, string[]> {
  const plain: Record<string, string[]> = {};
  const secret = plugin?.schemes.flatMap((scheme) => (scheme.kind === 'token-query' ? [scheme.parameter] : [])) ?? [];
  for (const name in query) {
    if (CREDENTIAL_PARAMETERS.has(name) || secret.includes(name)) continue;
    const value = query[name];
    const values = (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string');
    if (name !== '__proto__') plain[name] = values;
  }
  return plain;
}

export interface PluginInput {
  readonly requestId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly method: string;
  /** JSON text. */
  readonly headers: string;
  /** JSON text. */
  readonly query: string;
  readonly contentType: string;
  readonly body: Buffer | Uint8Array;
  /** JSON text. */
  readonly configuration: string;
}

/** The input envelope of `ingest` as JSON text, put together from parts that are JSON text already. */
export function ingestInputText(input: PluginInput): string {
  const bytes = Buffer.from(input.body.buffer, input.body.byteOffset, input.body.byteLength);
  const body = isUtf8(bytes)
    ? `{"text":${JSON.stringify(bytes.toString('utf8'))}}`
    : `{"base64":"${bytes.toString('base64')}"}`;
  return (
    `{"abi":${ABI_VERSION},"request":{"id":"${input.requestId}","receivedAt":"${input.receivedAt}",` +
    `"method":"${input.method}","headers":${input.headers},"query":${input.query},` +
    `"contentType":${JSON.stringify(input.contentType)},"body":${body}},"configuration":${input.configuration}}`
  );
}

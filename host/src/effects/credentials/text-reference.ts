import type { HostReference, TextReference, TokenEndpoint } from '@patchbay/plugin-sdk/contract/credential';
import { configuredOrigin } from '../http-permission.ts';

/** A text of the manifest or of the settings; null when the setting is empty. */
export function textOf(reference: TextReference, configuration: Record<string, unknown>): string | null {
  if (typeof reference === 'string') return reference;
  const value = Object.hasOwn(configuration, reference.configuration) ? configuration[reference.configuration] : null;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Where a host reference points; null while its setting names no address. */
export function originOf(host: HostReference, configuration: Record<string, unknown>): string | null {
  return typeof host === 'string'
    ? new URL(`https://${host}`).origin
    : configuredOrigin(configuration, host.configuration);
}

export function endpointOf({ host, path }: TokenEndpoint, configuration: Record<string, unknown>): string | null {
  const origin = originOf(host, configuration);
  return origin === null ? null : origin + path;
}

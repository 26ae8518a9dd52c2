import type { HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { parseUrl } from '@patchbay/plugin-sdk/contract/parse-url';
import { httpMethods, type HttpMethod, type HttpPermission } from '@patchbay/plugin-sdk/contract/permissions';
import { readUrl } from '../egress/target.ts';

export type PermissionResult =
  { ok: true } | { ok: false; code: 'PERMISSION_DENIED' | 'REQUEST_REFUSED'; message: string };

/**
 * Headers that are not the plugin's to set: they name the target, carry credentials, belong to the connection
 * (RFC 9110 7.6.1), change the method behind the check, or claim another sender.
 */
const FORBIDDEN_HEADERS =
  /^(host|cookie|cookie2|authorization|proxy-.*|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|expect|x-http-method.*|x-method-override|x-forwarded.*|forwarded|x-real-ip|idempotency-key)$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const HEADERS_MAX = 50;
const HEADER_CHARS_MAX = 8192;

/** Whether the manifest lets the plugin send this request, and whether the request is one that anybody may send. */
export function checkHttpAsk(
  manifest: Manifest,
  configuration: Record<string, unknown>,
  ask: HttpAsk,
): PermissionResult {
  const read = readUrl(ask.url);
  if (!read.ok) return read;
  const { url } = read;
  if (!(httpMethods as readonly string[]).includes(ask.method))
    return refused(`The method ${ask.method} is not supported`);
  const headers = checkHeaders(ask.headers);
  if (!headers.ok) return headers;
  const granted = (manifest.permissions.http ?? []).some((permission) =>
    grants(permission, configuration, url, ask.method as HttpMethod),
  );
  if (granted) return { ok: true };
  return {
    ok: false,
    code: 'PERMISSION_DENIED',
    message: `${ask.method} ${url.origin}${url.pathname} is not among the permissions of ${manifest.id}`,
  };
}

function grants(
  permission: HttpPermission,
  configuration: Record<string, unknown>,
  url: URL,
  method: HttpMethod,
): boolean {
  if (!permission.methods.includes(method) || !underPrefix(url.pathname, permission.pathPrefix)) return false;
  if (typeof permission.host !== 'string') {
    const origin = configuredOrigin(configuration, permission.host.configuration);
    return origin !== null && url.origin === origin;
  }
  if (
    url.protocol !== `${permission.scheme}:` ||
    url.port !== (permission.port === undefined ? '' : portText(permission))
  )
    return false;
  return permission.host.startsWith('*.')
    ? url.hostname.endsWith(permission.host.slice(1)) && url.hostname.length > permission.host.length - 1
    : url.hostname === permission.host;
}

/** `/rest` grants `/rest` and `/rest/api`, but not `/restricted`. */
export function underPrefix(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function portText({ scheme, port }: HttpPermission): string {
  return (scheme === 'https' && port === 443) || (scheme === 'http' && port === 80) ? '' : String(port);
}

/** The origin that a configuration value names, or null when it names none. */
export function configuredOrigin(configuration: Record<string, unknown>, field: string): string | null {
  const value = Object.hasOwn(configuration, field) ? configuration[field] : undefined;
  const url = typeof value === 'string' ? parseUrl(value) : null;
  if (url === null) return null;
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : null;
}

function checkHeaders(headers: Record<string, string>): PermissionResult {
  const entries = Object.entries(headers);
  if (entries.length > HEADERS_MAX) return refused(`A request has at most ${HEADERS_MAX} headers`);
  for (const [name, value] of entries) {
    if (!HEADER_NAME.test(name)) return refused('A header name has a character that is not allowed');
    if (FORBIDDEN_HEADERS.test(name.toLowerCase())) return refused(`The header ${name} is not the plugin’s to set`);
    // eslint-disable-next-line no-control-regex -- control characters are exactly what must not be in a header
    if (value.length > HEADER_CHARS_MAX || /[\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]/.test(value))
      return refused(`The value of the header ${name} is too long or has a character that is not allowed`);
  }
  return { ok: true };
}

function refused(message: string): PermissionResult {
  return { ok: false, code: 'REQUEST_REFUSED', message };
}

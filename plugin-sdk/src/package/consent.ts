import type { Configuration } from '../contract/configuration.ts';
import { credentialHosts, tokenEndpoints, type Credential, type HostReference } from '../contract/credential.ts';
import type { Manifest } from '../contract/manifest.ts';
import { parseUrl } from '../contract/parse-url.ts';
import type { HttpPermission } from '../contract/permissions.ts';
import type { Consent, ConsentLine } from '../contract/rest/plugins.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './digest.ts';

type Asked = Pick<Manifest, 'id' | 'permissions' | 'secrets' | 'configuration'> &
  Partial<Pick<Manifest, 'actsForPeople' | 'capture'>>;

/**
 * What an operator agrees to by installing: one plain sentence for each thing the plugin may do, most dangerous
 * first. The digest is over plugin, permissions, acts, secrets and the addresses that are configured for them: a secret
 * does not follow a setting to another host unless somebody agrees to that host.
 */
export function consentOf(manifest: Asked, configuration: Configuration = {}): Consent {
  const { permissions, secrets } = manifest;
  const lines: ConsentLine[] = [
    ...(permissions.http ?? []).map((permission) => httpLine(permission, manifest, configuration)),
    ...secrets.map(({ title, credential }) => secretLine(title, credential, manifest, configuration)),
    ...(manifest.capture ?? []).map(({ secret, host, pathPrefix }) => {
      const title = secrets.find(({ name }) => name === secret)?.title ?? secret;
      const place = placeOf(host, manifest, configuration);
      const text = `Have the host keep a token that ${place} answers below ${pathPrefix} as “${title}”, without seeing it`;
      return { kind: 'secret', risk: 'medium', text, scope: place } as const;
    }),
  ];
  if (permissions.store !== undefined)
    lines.push({
      kind: 'store',
      risk: 'low',
      text: `Keep up to ${inKib(permissions.store.bytes)} of its own data`,
      scope: 'store',
    });
  if (manifest.actsForPeople === true)
    lines.push({
      kind: 'act',
      risk: 'medium',
      text: 'Acknowledge and resolve every incident of the group, whatever opened it, for people whom it names',
      scope: 'incidents of the group',
    });
  if (permissions.emit !== undefined)
    lines.push({
      kind: 'emit',
      risk: 'medium',
      text: `Publish events of the kind ${inWords(permissions.emit.kinds, 'or')}`,
      scope: permissions.emit.kinds.join(', '),
    });
  if (permissions.schedule !== undefined)
    lines.push({
      kind: 'schedule',
      risk: 'low',
      text: `Pause its work and go on up to ${inTime(permissions.schedule.maxDelaySeconds)} later`,
      scope: `${permissions.schedule.maxDelaySeconds} s`,
    });
  const order = ['high', 'medium', 'low'];
  lines.sort((a, b) => order.indexOf(a.risk) - order.indexOf(b.risk));
  return { digest: consentDigest(manifest, configuration), lines };
}

/** sha256 in hex over what is asked for; the order in which a manifest lists things does not matter. */
function consentDigest(manifest: Asked, configuration: Configuration): string {
  const { id, permissions, secrets, actsForPeople, capture = [] } = manifest;
  const origins = configuredOrigins(manifest, configuration);
  const inOrder = <T>(entries: readonly T[]) => entries.map(canonicalJson).sort();
  return sha256(
    canonicalJson({
      plugin: id,
      http: inOrder(
        (permissions.http ?? []).map(({ reason: _shownOnly, methods, ...rest }) => ({
          ...rest,
          methods: [...methods].sort(),
        })),
      ),
      store: permissions.store ?? null,
      emit: permissions.emit === undefined ? null : [...permissions.emit.kinds].sort(),
      schedule: permissions.schedule ?? null,
      act: actsForPeople === true ? true : undefined,
      secrets: inOrder(secrets.map(({ name, credential }) => ({ name, credential }))),
      capture: capture.length === 0 ? undefined : inOrder(capture),
      configured: Object.keys(origins).length === 0 ? undefined : origins,
    }),
  );
}

function httpLine(permission: HttpPermission, manifest: Asked, configuration: Configuration): ConsentLine {
  const { host, scheme, port, pathPrefix, methods } = permission;
  const place =
    typeof host === 'string'
      ? `${scheme}://${host}${port === undefined ? '' : `:${port}`}${pathPrefix}`
      : configuredPlace(host.configuration, pathPrefix, manifest, configuration);
  const everywhere = typeof host === 'string' && host.startsWith('*.');
  const reads = methods.every((method) => method === 'GET' || method === 'HEAD');
  const why = permission.reason === undefined ? '' : ` (${permission.reason})`;
  return {
    kind: 'http',
    risk: everywhere || scheme === 'http' || methods.includes('DELETE') ? 'high' : reads ? 'low' : 'medium',
    text: `Send ${inWords([...methods], 'and')} requests to ${place}${why}`,
    scope: place,
  };
}

/** The origins of the settings that say where requests and secrets go, by field; none while a field has no address. */
function configuredOrigins(manifest: Asked, configuration: Configuration): Record<string, string> {
  const hosts = [
    ...(manifest.permissions.http ?? []).map(({ host }) => host),
    ...manifest.secrets.flatMap(({ credential }) => credentialHosts(credential)),
    ...(manifest.capture ?? []).map(({ host }) => host),
  ];
  const fields = hosts.flatMap((host) => (typeof host === 'object' ? [host.configuration] : []));
  return Object.fromEntries(
    fields.flatMap((field) => {
      const origin = originIn(configuration, field);
      return origin === null ? [] : [[field, origin]];
    }),
  );
}

function originIn(configuration: Configuration, field: string): string | null {
  const value = Object.hasOwn(configuration, field) ? configuration[field] : undefined;
  return typeof value === 'string' ? (parseUrl(value)?.origin ?? null) : null;
}

function secretLine(title: string, credential: Credential, manifest: Asked, configuration: Configuration): ConsentLine {
  const place = placeOf(credential.host, manifest, configuration);
  const tokens = tokenEndpoints(credential).map(({ host, path }) => placeOf(host, manifest, configuration) + path);
  return {
    kind: 'secret',
    risk: 'high',
    text: `Act with “${title}” on ${place}: it can do there whatever this secret allows, and never sees its value${wayOf(credential, tokens)}`,
    scope: place,
  };
}

/** How the secret is used, where that is not simply by sending it in a header. */
function wayOf({ kind }: Credential, tokens: readonly string[]): string {
  if (tokens.length > 0) return `. The host sends it to ${inWords(tokens, 'and')} for a token`;
  switch (kind) {
    case 'query':
    case 'path':
      return '. This is weak: it stands in the address, which servers on the way write into their logs';
    case 'jwt':
      return '. The host signs a token with it for each request';
    case 'sigv4':
    case 'hmac':
      return '. The host signs each request with it';
    case 'oauth2':
    case 'bearer':
    case 'basic':
    case 'header':
      return '';
  }
}

function placeOf(host: HostReference, manifest: Asked, configuration: Configuration): string {
  return typeof host === 'string' ? host : configuredPlace(host.configuration, '', manifest, configuration);
}

/** The origin that is configured, or a description of it while it is not. */
function configuredPlace(field: string, pathPrefix: string, manifest: Asked, configuration: Configuration): string {
  const origin = originIn(configuration, field);
  if (origin !== null) return origin + pathPrefix;
  const title = manifest.configuration.properties[field]?.title ?? field;
  return `the address that you enter as “${title}”${pathPrefix === '' || pathPrefix === '/' ? '' : `, below ${pathPrefix}`}`;
}

function inWords(words: readonly string[], joiner: 'and' | 'or'): string {
  const [last = '', ...before] = [...words].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} ${joiner} ${last}`;
}

function inKib(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.ceil(bytes / 1024)} KiB`;
}

function inTime(seconds: number): string {
  const [amount, unit] =
    seconds >= 172_800
      ? [Math.ceil(seconds / 86_400), 'days']
      : seconds >= 7200
        ? [Math.ceil(seconds / 3600), 'hours']
        : seconds >= 120
          ? [Math.ceil(seconds / 60), 'minutes']
          : [seconds, 'seconds'];
  return `${amount} ${unit}`;
}

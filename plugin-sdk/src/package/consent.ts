import type { Configuration } from '../contract/configuration.ts';
import type { Credential, Manifest } from '../contract/manifest.ts';
import type { HttpPermission } from '../contract/permissions.ts';
import type { Consent, ConsentLine } from '../contract/rest/plugins.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './digest.ts';

type Asked = Pick<Manifest, 'id' | 'permissions' | 'secrets' | 'configuration'> &
  Partial<Pick<Manifest, 'actsForPeople'>>;

/**
 * What an operator agrees to by installing: one plain sentence for each thing the plugin may do, most dangerous
 * first. The digest is over plugin, permissions, acts and secrets; configured addresses are shown but not part of it,
 * because they are the operator's own and may change.
 */
export function consentOf(manifest: Asked, configuration: Configuration = {}): Consent {
  const { permissions, secrets } = manifest;
  const lines: ConsentLine[] = [
    ...(permissions.http ?? []).map((permission) => httpLine(permission, manifest, configuration)),
    ...secrets.map(({ title, credential }) => secretLine(title, credential, manifest, configuration)),
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
  return { digest: consentDigest(manifest), lines };
}

/** sha256 in hex over what is asked for; the order in which a manifest lists things does not matter. */
export function consentDigest({ id, permissions, secrets, actsForPeople }: Asked): string {
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

function secretLine(title: string, credential: Credential, manifest: Asked, configuration: Configuration): ConsentLine {
  const { host } = credential;
  const place = typeof host === 'string' ? host : configuredPlace(host.configuration, '', manifest, configuration);
  return {
    kind: 'secret',
    risk: 'high',
    text: `Act with “${title}” on ${place}: it can do there whatever this secret allows, and never sees its value`,
    scope: place,
  };
}

/** The origin that is configured, or a description of it while it is not. */
function configuredPlace(field: string, pathPrefix: string, manifest: Asked, configuration: Configuration): string {
  const value = configuration[field];
  if (typeof value === 'string' && URL.canParse(value)) return new URL(value).origin + pathPrefix;
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

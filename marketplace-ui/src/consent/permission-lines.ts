import type { Configuration, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { tokenEndpoints, type Credential, type HostReference } from '@patchbay/plugin-sdk/contract/credential';
import type { SecretDeclaration } from '@patchbay/plugin-sdk/contract/manifest';
import type { HttpMethod, HttpPermission, Permissions } from '@patchbay/plugin-sdk/contract/permissions';
import type { Consent, ConsentLine } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { bytesInWords, joinWords, secondsInWords } from './words.ts';

/** What a plugin asks for, as the plugin's page carries it. */
export interface Asked {
  permissions: Permissions;
  secrets: readonly SecretDeclaration[];
  configuration: ConfigurationSchema;
  consent: Consent;
}

export type Risk = ConsentLine['risk'];

/** Where a permission reaches; `open` while the setting that decides it is still empty or no address. */
export type Reach =
  | { kind: 'nowhere' }
  | { kind: 'host'; host: string; scheme: string; wildcard: boolean; setting: string | null }
  | { kind: 'open'; setting: string };

export interface PermissionLine {
  key: string;
  kind: ConsentLine['kind'];
  risk: Risk;
  sentence: string;
  scope: string;
  /** More about it: the author's own words, or that it may be left out. */
  reason: string | null;
  reach: Reach;
}

/**
 * One line for each permission and each secret, with hosts filled in from the settings as they stand. The server's
 * consent is what counts: where it lists another number of lines of a kind than the manifest explains, or a higher
 * risk, its own lines are shown for that kind, so that nothing agreed to stays unseen.
 */
export function permissionLines(asked: Asked, settings: Configuration): PermissionLine[] {
  const { http, store, emit, schedule } = asked.permissions;
  const explained: PermissionLine[] = [
    ...(http ?? []).map((permission, index) => httpLine(permission, index, asked.configuration, settings)),
    ...asked.secrets.map((secret) => secretLine(secret, asked.configuration, settings)),
    ...(store === undefined ? [] : [storeLine(store.bytes)]),
    ...(emit === undefined ? [] : [emitLine(emit.kinds)]),
    ...(schedule === undefined ? [] : [scheduleLine(schedule.maxDelaySeconds)]),
  ];
  return lineKinds.flatMap((kind) => {
    const ours = explained.filter((line) => line.kind === kind);
    const theirs = asked.consent.lines.filter((line) => line.kind === kind);
    const understated = highestRisk(ours) < highestRisk(theirs);
    return ours.length !== theirs.length || understated ? theirs.map(serverLine) : mostRiskyFirst(ours);
  });
}

/** The lines of a consent that was agreed to, in the words it was agreed in. */
export function agreedLines(consent: Consent): PermissionLine[] {
  return consent.lines.map(serverLine);
}

/** "Install and allow 3 permissions": the button says what pressing it does. */
export function installLabel(count: number): string {
  return count === 0 ? 'Install' : `Install and allow ${count} ${count === 1 ? 'permission' : 'permissions'}`;
}

/** The host that a reference means under these settings. */
export function reachOf(
  reference: HttpPermission['host'] | HostReference,
  scheme: string,
  port: number | undefined,
  form: ConfigurationSchema,
  settings: Configuration,
): Reach {
  if (typeof reference === 'string') {
    const host = port === undefined ? reference : `${reference}:${port}`;
    return { kind: 'host', host, scheme, wildcard: reference.startsWith('*.'), setting: null };
  }
  const field = form.properties[reference.configuration];
  const setting = field?.title ?? reference.configuration;
  const value = settings[reference.configuration] ?? field?.default;
  if (typeof value !== 'string' || !URL.canParse(value)) return { kind: 'open', setting };
  const url = new URL(value);
  if (url.host === '') return { kind: 'open', setting };
  return { kind: 'host', host: url.host, scheme: url.protocol.replace(':', ''), wildcard: false, setting };
}

const lineKinds = [
  'http',
  'secret',
  'act',
  'store',
  'emit',
  'schedule',
] as const satisfies readonly ConsentLine['kind'][];

function httpLine(
  permission: HttpPermission,
  index: number,
  form: ConfigurationSchema,
  settings: Configuration,
): PermissionLine {
  const reach = reachOf(permission.host, permission.scheme, permission.port, form, settings);
  const reads = permission.methods.every((method) => verbOf[method] === 'read');
  const opened = reach.kind === 'host' && (reach.wildcard || reach.scheme === 'http');
  const origin =
    reach.kind === 'host' ? `${reach.scheme}://${reach.host}` : `{${reach.kind === 'open' ? reach.setting : 'host'}}`;
  return {
    key: `http-${index}`,
    kind: 'http',
    risk: opened || permission.methods.includes('DELETE') ? 'high' : reads ? 'low' : 'medium',
    sentence: `${actsInWords(permission.methods)} ${placeOf(reach)}`,
    scope: `${permission.methods.join(', ')} ${origin}${permission.pathPrefix}*`,
    reason: permission.reason === undefined ? null : `Why, in its author’s words: ${permission.reason}`,
    reach,
  };
}

function secretLine(secret: SecretDeclaration, form: ConfigurationSchema, settings: Configuration): PermissionLine {
  const reach = reachOf(secret.credential.host, 'https', undefined, form, settings);
  return {
    key: `secret-${secret.name}`,
    kind: 'secret',
    risk: 'high',
    sentence: `Use “${secret.title}”: it can do whatever that secret can do on ${placeOf(reach)}`,
    scope: `${credentialInWords(secret.credential)}, ${destination(secret.credential, placeOf(reach), form, settings)}, never shown to the plugin`,
    reason: secret.required ? null : 'Optional: leave it empty and the plugin goes without.',
    reach,
  };
}

function storeLine(bytes: number): PermissionLine {
  return {
    key: 'store',
    kind: 'store',
    risk: 'low',
    sentence: 'Remember things between calls, on this host',
    scope: `Up to ${bytesInWords(bytes)}, for this installation only`,
    reason: null,
    reach: { kind: 'nowhere' },
  };
}

function emitLine(kinds: readonly string[]): PermissionLine {
  return {
    key: 'emit',
    kind: 'emit',
    risk: 'medium',
    sentence: 'Publish events of its own, which may open or close incidents',
    scope: kinds.join(', '),
    reason: null,
    reach: { kind: 'nowhere' },
  };
}

function scheduleLine(maxDelaySeconds: number): PermissionLine {
  return {
    key: 'schedule',
    kind: 'schedule',
    risk: 'low',
    sentence: 'Pause its work and go on later',
    scope: `At most ${secondsInWords(maxDelaySeconds)} ahead`,
    reason: null,
    reach: { kind: 'nowhere' },
  };
}

function serverLine(line: ConsentLine, index: number): PermissionLine {
  return {
    key: `${line.kind}-${index}`,
    kind: line.kind,
    risk: line.risk,
    sentence: line.text,
    scope: line.scope,
    reason: null,
    reach: { kind: 'nowhere' },
  };
}

const verbOf: Record<HttpMethod, 'read' | 'create' | 'change' | 'delete'> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PUT: 'change',
  PATCH: 'change',
  DELETE: 'delete',
};

function actsInWords(methods: readonly HttpMethod[]): string {
  const verbs = [...new Set(methods.map((method) => verbOf[method]))];
  if (verbs.length === 1 && verbs[0] === 'read') return 'Read from';
  const words = joinWords(verbs);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} things on`;
}

function placeOf(reach: Reach): string {
  switch (reach.kind) {
    case 'host':
      return reach.wildcard ? `any host that ends in ${reach.host.slice(1)}` : reach.host;
    case 'open':
      return `the address you enter as “${reach.setting}”`;
    case 'nowhere':
      return 'this host';
  }
}

function credentialInWords(credential: Credential): string {
  switch (credential.kind) {
    case 'bearer':
      return 'As bearer token';
    case 'basic':
      return 'As password (HTTP Basic)';
    case 'header':
      return `In the header ${credential.header}`;
    case 'query':
      return `In the parameter ${credential.parameter} of the address (weak: servers on the way log addresses)`;
    case 'path':
      return 'In the path of the address (weak: servers on the way log addresses)';
    case 'oauth2':
      return 'For a token by OAuth 2.0, which the host gets and renews';
    case 'jwt':
      return credential.exchange === undefined
        ? 'For a token that the host signs with it'
        : 'For a token, in exchange for one that the host signs with it';
    case 'sigv4':
      return 'As AWS signature, which the host makes for each request';
    case 'hmac':
      return `As signature in the header ${credential.header}, which the host makes for each request`;
  }
}

/** Where the secret, or what is made of it, goes. */
function destination(
  credential: Credential,
  place: string,
  form: ConfigurationSchema,
  settings: Configuration,
): string {
  const [token] = tokenEndpoints(credential);
  if (token !== undefined)
    return `got from ${placeOf(reachOf(token.host, 'https', undefined, form, settings))} and sent to ${place} only`;
  return `sent to ${place} only`;
}

const riskOrder: readonly Risk[] = ['low', 'medium', 'high'];

function highestRisk(lines: readonly { risk: Risk }[]): number {
  return Math.max(-1, ...lines.map(({ risk }) => riskOrder.indexOf(risk)));
}

function mostRiskyFirst(lines: readonly PermissionLine[]): PermissionLine[] {
  return [...lines].sort((one, other) => riskOrder.indexOf(other.risk) - riskOrder.indexOf(one.risk));
}

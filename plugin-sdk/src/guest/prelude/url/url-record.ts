import { parseHost } from './host.ts';
import { encodeSets, percentEncode } from './percent-encoding.ts';

/** The parts of a URL, serialised (url.spec.whatwg.org, section 4.1). */
export interface UrlRecord {
  /** Without the colon. */
  scheme: string;
  username: string;
  password: string;
  /** null: the URL has no authority. */
  host: string | null;
  port: string;
  /** With its leading slash where there is one. */
  path: string;
  /** True for `mailto:x` and the like, whose path is not split. */
  opaque: boolean;
  query: string | null;
  fragment: string | null;
}

const defaultPorts: Record<string, string> = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21', file: '' };

export function isSpecial(scheme: string): boolean {
  return Object.hasOwn(defaultPorts, scheme);
}

/** Parses a URL, relative to `base` when it has no scheme of its own; throws TypeError. */
export function parseUrl(input: string, base?: UrlRecord): UrlRecord {
  const text = input.replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '').replace(/[\t\n\r]/g, '');
  const found = /^([A-Za-z][A-Za-z0-9+\-.]*):(.*)$/s.exec(text);
  if (found === null) return parseRelative(text, base, input);
  const scheme = (found[1] as string).toLowerCase();
  const rest = found[2] as string;
  // "http:path" without slashes is relative to a base of the same special scheme.
  if (isSpecial(scheme) && base?.scheme === scheme && !/^[/\\]{2}/.test(rest)) return parseRelative(rest, base, input);
  return parseAfterScheme(scheme, rest);
}

function parseAfterScheme(scheme: string, rest: string): UrlRecord {
  const special = isSpecial(scheme);
  const [before, query, fragment] = splitTail(rest, special);
  const record: UrlRecord = {
    ...{ scheme, username: '', password: '', host: null, port: '', path: '', opaque: false },
    ...{ query, fragment },
  };
  const slashes = special ? before.replaceAll('\\', '/') : before;
  if (scheme === 'file' ? slashes.startsWith('//') : special || slashes.startsWith('//')) {
    const authority = scheme === 'file' || !special ? slashes.slice(2) : slashes.replace(/^\/*/, '');
    const end = authority.indexOf('/');
    setAuthority(record, end < 0 ? authority : authority.slice(0, end));
    record.path = normalizePath(end < 0 ? '' : authority.slice(end), special);
  } else if (special || slashes.startsWith('/')) {
    if (scheme === 'file') record.host = '';
    record.path = normalizePath(slashes, special);
  } else {
    record.opaque = true;
    record.path = percentEncode(before, encodeSets.control);
  }
  return record;
}

function parseRelative(text: string, base: UrlRecord | undefined, input: string): UrlRecord {
  if (base === undefined || (base.opaque && !text.startsWith('#'))) throw new TypeError(`Invalid URL: "${input}"`);
  const special = isSpecial(base.scheme);
  const [before, query, fragment] = splitTail(text, special);
  const path = special ? before.replaceAll('\\', '/') : before;
  if (path.startsWith('//')) return parseAfterScheme(base.scheme, text);
  if (path === '') return { ...base, query: query ?? base.query, fragment };
  const folder = base.path.slice(0, base.path.lastIndexOf('/') + 1) || '/';
  return { ...base, path: normalizePath(path.startsWith('/') ? path : folder + path, special), query, fragment };
}

function splitTail(text: string, special: boolean): [before: string, query: string | null, fragment: string | null] {
  const hash = text.indexOf('#');
  const fragment = hash < 0 ? null : percentEncode(text.slice(hash + 1), encodeSets.fragment);
  const rest = hash < 0 ? text : text.slice(0, hash);
  const mark = rest.indexOf('?');
  if (mark < 0) return [rest, null, fragment];
  return [rest.slice(0, mark), encodeQuery(rest.slice(mark + 1), special), fragment];
}

export function encodeQuery(text: string, special: boolean): string {
  return percentEncode(text, special ? encodeSets.specialQuery : encodeSets.query);
}

function setAuthority(record: UrlRecord, authority: string): void {
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const credentials = authority.slice(0, at);
    const colon = credentials.indexOf(':');
    record.username = percentEncode(colon < 0 ? credentials : credentials.slice(0, colon), encodeSets.userinfo);
    if (colon >= 0) record.password = percentEncode(credentials.slice(colon + 1), encodeSets.userinfo);
  }
  setHostAndPort(record, authority.slice(at + 1));
}

export function setHostAndPort(record: UrlRecord, text: string): void {
  const found = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text);
  const [host, port] = [found?.[1] ?? '', found?.[2]];
  if (found === null || (port !== undefined && !/^\d*$/.test(port))) throw new TypeError(`Invalid URL: "${text}"`);
  if (host === '' && record.scheme !== 'file' && (isSpecial(record.scheme) || port !== undefined))
    throw new TypeError('Invalid URL: no host');
  record.host = host === '' ? '' : parseHost(host, isSpecial(record.scheme));
  if (record.scheme === 'file' && record.host === 'localhost') record.host = '';
  if (port !== undefined) setPort(record, port);
}

export function setPort(record: UrlRecord, port: string): void {
  const number = Number(port);
  if (number > 65_535) throw new TypeError(`Invalid URL: port ${port}`);
  const text = port === '' ? '' : String(number);
  record.port = text === defaultPorts[record.scheme] ? '' : text;
}

/** Dot segments resolved (also percent-encoded ones), everything encoded that a path may not hold. */
export function normalizePath(path: string, special: boolean): string {
  if (path === '') return special ? '/' : '';
  const segments = (special ? path.replaceAll('\\', '/') : path).replace(/^\//, '').split('/');
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const dots = segment.replace(/%2e/gi, '.');
    const last = index === segments.length - 1;
    if (dots === '..') kept.pop();
    if (dots === '..' || dots === '.') {
      if (last) kept.push('');
    } else kept.push(percentEncode(segment, encodeSets.path));
  }
  return `/${kept.join('/')}`;
}

export function serializeUrl(record: UrlRecord): string {
  let text = `${record.scheme}:`;
  if (record.host !== null) {
    const password = record.password === '' ? '' : `:${record.password}`;
    const credentials = record.username === '' && password === '' ? '' : `${record.username}${password}@`;
    text += `//${credentials}${record.host}${record.port === '' ? '' : `:${record.port}`}`;
  } else if (!record.opaque && record.path.startsWith('//')) text += '/.';
  text += record.path;
  if (record.query !== null) text += `?${record.query}`;
  if (record.fragment !== null) text += `#${record.fragment}`;
  return text;
}

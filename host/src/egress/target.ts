import { isIP } from 'node:net';
import { parseUrl } from '@patchbay/plugin-sdk/contract/parse-url';
import { judgeAddress, type AllowedNetworks } from './address-policy.ts';

/** A target that passed every rule which needs no name look-up. */
export interface Target {
  url: URL;
  /** Host without brackets. */
  hostname: string;
}

export type TargetResult =
  { ok: true; target: Target } | { ok: false; code: 'EGRESS_BLOCKED' | 'REQUEST_REFUSED'; message: string };

export type ReadUrl = { ok: true; url: URL } | { ok: false; code: 'REQUEST_REFUSED'; message: string };

const URL_CHARS_MAX = 8192;
/** What the parser takes away wherever it stands, so that it can part what belongs together. */
const VANISHING = /[\t\n\r]/g;
/**
 * Encoded slash, dot, backslash, ";" and control characters, also encoded again for who decodes twice, and UTF-8 that is
 * longer than it may be, which careless readers take for one of them.
 */
const TWO_READINGS = /%(?:25)*(?:2f|5c|2e|3b|[01][0-9a-f]|7f)|%(?:c[01]|e0%[89]|f0%8)/i;

/**
 * The URL of an outgoing request, as far as it can be judged without knowing where it may go. Paths that a proxy behind
 * the target might read differently than we do are refused.
 */
export function readUrl(text: string): ReadUrl {
  if (text.length > URL_CHARS_MAX) return refused(`The URL has more than ${URL_CHARS_MAX} characters`);
  const url = parseUrl(text);
  if (url === null) return refused('This is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('Only https URLs can be requested');
  if (url.username !== '' || url.password !== '') return refused('A URL with a user name or password is refused');
  if (url.port === '0') return refused('Port 0 is refused');
  // The text as well as what was parsed: the parser resolves "%2e%2e", and encodes control characters.
  const written = text.replace(VANISHING, '').split(/[?#]/, 1)[0] ?? '';
  if (TWO_READINGS.test(written) || TWO_READINGS.test(url.pathname) || /;|\/\//.test(url.pathname))
    return refused('An encoded slash, dot, backslash, ";" or control character, ";" or "//" in a path is refused');
  return { ok: true, url };
}

/**
 * Judges the URL of an outgoing request: parsed first, judged after, because the parser turns many spellings
 * (2130706433, 0x7f.1, full-width digits, a trailing dot) into the one that is dialled.
 *
 * Plain http goes only to networks that the operator allowed.
 */
export function parseTarget(text: string, allowed: AllowedNetworks): TargetResult {
  const read = readUrl(text);
  if (!read.ok) return read;
  const { url } = read;
  const hostname = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (hostname === '') return refused('The URL has no host');
  if (isIP(hostname) !== 0 && !mayDial(judgeAddress(hostname, allowed), url.protocol))
    return { ok: false, code: 'EGRESS_BLOCKED', message: blockedMessage(url) };
  return { ok: true, target: { url, hostname } };
}

export function mayDial(verdict: 'public' | 'allowed' | 'blocked', protocol: string): boolean {
  return verdict === 'allowed' || (verdict === 'public' && protocol === 'https:');
}

export function blockedMessage(url: URL): string {
  return url.protocol === 'http:'
    ? 'Plain http is allowed only to networks named in EGRESS_ALLOW'
    : 'The target is not a public address, and its network is not named in EGRESS_ALLOW';
}

function refused(message: string): { ok: false; code: 'REQUEST_REFUSED'; message: string } {
  return { ok: false, code: 'REQUEST_REFUSED', message };
}

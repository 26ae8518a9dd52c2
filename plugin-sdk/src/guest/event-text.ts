import type { EventPayload } from '../contract/event-payload.ts';
import { eventLimits } from '../contract/limits.ts';

/** A thousand keys of this length still fit into the answer to one request; the host hashes at its own column's length. */
const DEDUP_KEY_CHARS = 1024;
const CUT_MARK = '…';
/** Words that senders write for nothing. */
const BLANK_WORDS = new Set(['null', 'none', 'undefined', 'n/a']);
const BLANK_WORD_CHARS = 9;

/** Cuts text to `chars` UTF-16 units, with a mark where something is missing and never inside a surrogate pair. */
export function clip(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const last = text.charCodeAt(chars - 2);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? chars - 2 : chars - 1) + CUT_MARK;
}

/**
 * Text of a value that senders write as text, number or truth value; undefined for null, objects, blank text and the
 * words that senders write for nothing ("None", "null").
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text.length > BLANK_WORD_CHARS) return text;
  return text === '' || BLANK_WORDS.has(text.toLowerCase()) ? undefined : text;
}

/** The first of the candidates that says something. */
export function firstText(...candidates: unknown[]): string | undefined {
  return firstIn(candidates);
}

function firstIn(candidates: unknown[]): string | undefined {
  for (let index = 0; index < candidates.length; index += 1) {
    const text = textOf(candidates[index]);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** One line of at most 1,024 characters out of the first candidate that says something. */
export function summaryText(...candidates: unknown[]): string {
  return oneLine(firstIn(candidates) ?? 'Alert without a description', eventLimits.summaryChars);
}

/** One line of at most 512 characters that names where the problem is. */
export function sourceText(...candidates: unknown[]): string {
  return oneLine(firstIn(candidates) ?? 'unknown', eventLimits.sourceChars);
}

/**
 * For component, group, class and link texts; undefined when no candidate says anything. Loops count and calls are few
 * in this file because every alert of every request comes through it, in an interpreter.
 */
export function labelText(...candidates: unknown[]): string | undefined {
  const text = firstIn(candidates);
  return text === undefined ? undefined : oneLine(text, eventLimits.labelChars);
}

/** Most text is one line already, and looking for a character costs a hundredth of a regular expression here. */
function oneLine(text: string, chars: number): string {
  // A sender may put a megabyte here: only a beginning that is long enough is looked at.
  let line = text.length > chars * 4 ? text.slice(0, chars * 4) : text;
  if (line.includes('\n') || line.includes('  ') || line.includes('\t') || line.includes('\r'))
    line = line.replace(/\s+/g, ' ').trim();
  return line === '' ? '?' : clip(line, chars);
}

/** The value as an http or https URL that fits, or undefined. */
export function webUrl(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text.length > eventLimits.urlChars || text.includes(' ') || text.includes('\n')) return undefined;
  return text.startsWith('https://') || text.startsWith('http://') || /^https?:\/\//i.test(text) ? text : undefined;
}

/** Links out of [address, text] pairs: what is no web address is left out, and every address stands once. */
export function linksFrom(...pairs: (readonly [href: unknown, text: unknown])[]): NonNullable<EventPayload['links']> {
  const links: NonNullable<EventPayload['links']> = [];
  for (let index = 0; index < pairs.length && links.length < eventLimits.links; index += 1) {
    const pair = pairs[index];
    if (pair === undefined || typeof pair[0] !== 'string') continue;
    const href = asItIs(pair[0], webUrl, sameAddresses);
    if (href === undefined || isListed(links, href)) continue;
    const text = asItIs(pair[1], labelText, sameLabels);
    links.push(text === undefined ? { href } : { href, text });
  }
  return links;
}

/** Texts that were found to need no change: the alerts of one message share their names of links and most addresses. */
const sameAddresses = new Set<unknown>();
const sameLabels = new Set<unknown>();
const SAME = 100;

function asItIs(value: unknown, read: (value: unknown) => string | undefined, same: Set<unknown>): string | undefined {
  if (same.has(value)) return value as string;
  const text = read(value);
  if (text !== undefined && text === value && same.size < SAME) same.add(value);
  return text;
}

function isListed(links: { href: string }[], href: string): boolean {
  for (let index = 0; index < links.length; index += 1) if (links[index]?.href === href) return true;
  return false;
}

/**
 * A deduplication key out of its parts, joined by hyphens. Every part belongs to the problem, none to the delivery:
 * no run number, commit or message id. A very long key keeps its beginning and ends in a digest.
 */
export function dedupKey(...parts: (string | number)[]): string {
  const key = parts.join('-');
  if (key.length <= DEDUP_KEY_CHARS) return key;
  return `${key.slice(0, 200)}#${digest(key)}`;
}

/** 128 bits of FNV-1a in four lanes: to tell long keys apart, not to keep anybody out. */
function digest(text: string): string {
  const lanes = [0x811c9dc5, 0x01000193, 0xdeadbeef, 0x9e3779b9];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    for (let lane = 0; lane < lanes.length; lane += 1)
      lanes[lane] = Math.imul((lanes[lane] ?? 0) ^ (unit + lane * 0x101), 0x01000193);
  }
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

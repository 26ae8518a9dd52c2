import type { EventPayload } from '../contract/event-payload.ts';
import { eventLimits } from '../contract/limits.ts';

/** A thousand keys of this length still fit into the answer to one request; the host hashes at its own column's length. */
const DEDUP_KEY_CHARS = 1024;
const CUT_MARK = '…';
const BLANK_WORDS = new Set(['null', 'none', 'undefined', 'n/a']);

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
  return text === '' || BLANK_WORDS.has(text.toLowerCase()) ? undefined : text;
}

/** The first of the candidates that says something. */
export function firstText(...candidates: unknown[]): string | undefined {
  for (const candidate of candidates) {
    const text = textOf(candidate);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** One line of at most 1,024 characters out of the first candidate that says something. */
export function summaryText(...candidates: unknown[]): string {
  return oneLine(firstText(...candidates) ?? 'Alert without a description', eventLimits.summaryChars);
}

/** One line of at most 512 characters that names where the problem is. */
export function sourceText(...candidates: unknown[]): string {
  return oneLine(firstText(...candidates) ?? 'unknown', eventLimits.sourceChars);
}

/** For component, group, class and link texts; undefined when no candidate says anything. */
export function labelText(...candidates: unknown[]): string | undefined {
  const text = firstText(...candidates);
  return text === undefined ? undefined : oneLine(text, eventLimits.labelChars);
}

function oneLine(text: string, chars: number): string {
  // Whitespace is folded over a bounded prefix only: a sender may put a megabyte here.
  return clip(
    text
      .slice(0, chars * 4)
      .replace(/\s+/g, ' ')
      .trim() || '?',
    chars,
  );
}

/** The value as an http or https URL that fits, or undefined. */
export function webUrl(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && text.length <= eventLimits.urlChars && /^https?:\/\/[^\s]+$/i.test(text)
    ? text
    : undefined;
}

/** Links out of [address, text] pairs: what is no web address is left out, and every address stands once. */
export function linksFrom(...pairs: (readonly [href: unknown, text: unknown])[]): NonNullable<EventPayload['links']> {
  const links = new Map<string, { href: string; text?: string }>();
  for (const [address, text] of pairs) {
    const href = webUrl(address);
    if (href === undefined || links.has(href)) continue;
    const label = labelText(text);
    links.set(href, label === undefined ? { href } : { href, text: label });
    if (links.size === eventLimits.links) break;
  }
  return [...links.values()];
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

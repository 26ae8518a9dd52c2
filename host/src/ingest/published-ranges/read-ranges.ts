import { createHash } from 'node:crypto';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { PublishedRanges } from '@patchbay/plugin-sdk/contract/published-ranges';
import { parseRange } from '../sender-addresses.ts';

/** What a declaration is kept under: the same declaration of two plugins has the same list. */
export function sourceDigest({ url, at, where }: PublishedRanges): string {
  return createHash('sha256')
    .update(JSON.stringify([url, at, Object.entries(where).sort()]))
    .digest('hex');
}

/** A vendor has no larger block: who publishes one would let everybody in. */
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 16 };

/** The addresses in a vendor's answer. @throws Error with what is wrong with it, in words for an operator */
export function readRanges({ at, where }: PublishedRanges, body: Uint8Array): string[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const found = at.length === 0 ? linesOf(text) : textsOf(parsed(text), at, where);
  if (found.length === 0) throw new Error('The list has no addresses.');
  if (found.length > ingestLimits.publishedRanges)
    throw new Error(`The list has more than ${ingestLimits.publishedRanges} addresses.`);
  for (const entry of found) {
    const range = parseRange(entry);
    if (range === null) throw new Error('The list has something in it that is no address.');
    const [address, bits] = range;
    if (bits < SHORTEST_PREFIX[address.kind()]) throw new Error('The list has a block that is no vendor’s own.');
  }
  return [...new Set(found)];
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('The list is not JSON.');
  }
}

function textsOf(value: unknown, places: readonly string[], where: PublishedRanges['where']): string[] {
  return places.flatMap((place) => collect([value], place.split('.'), where));
}

function collect(values: readonly unknown[], steps: readonly string[], where: PublishedRanges['where']): string[] {
  let reached = values;
  for (const step of steps) {
    const isEach = step.endsWith('[]');
    const name = isEach ? step.slice(0, -2) : step;
    const next = name === '' ? reached : reached.map((value) => fieldOf(value, name));
    reached = isEach ? next.flatMap(listOf).filter((entry) => fits(entry, where)) : next;
  }
  return reached.flatMap(listOf).filter((entry) => typeof entry === 'string');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function fits(entry: unknown, where: PublishedRanges['where']): boolean {
  return Object.entries(where).every(([name, wanted]) => listOf(fieldOf(entry, name)).includes(wanted));
}

import type { KeyObject } from 'node:crypto';
import { invalid, type SignatureOutcome } from './signed-request.ts';

/** Fetches one of the URLs that the caller has pinned; never follows redirects, bounded in bytes and time. */
export type FetchPinned = (url: string) => Promise<{ status: number; body: Uint8Array }>;

/** The vendor could not be asked for its key, which says nothing about what was signed with it. */
export class KeyUnreachable extends Error {
  constructor(cause?: unknown) {
    super('The key cannot be fetched now', { cause });
    this.name = 'KeyUnreachable';
  }
}

/** Keys that vendors publish, kept for hours. */
export interface PinnedKeys<K = KeyObject> {
  /**
   * @throws KeyUnreachable when the vendor does not answer, Error when what it answers is no key that may be trusted;
   * the same failure for seconds, so that senders cannot make us ask
   */
  keyAt(url: string, now: number): Promise<K>;
  /** Has what is kept of a URL fetched again, unless that was done within seconds. */
  forget(url: string, now: number): void;
}

const ENTRIES = 32;
const KEEP_MS = 6 * 60 * 60 * 1000;
/** How long a key that could not be had is not asked for again. */
const KEEP_FAILURE_MS = 15_000;
const BYTES = 64 * 1024;

/** @param read makes a key of what is found at a URL; throws when it is none that may be trusted */
export function createPinnedKeys<K>(
  fetchPinned: FetchPinned,
  read: (body: Buffer, now: number, url: string) => K,
): PinnedKeys<K> {
  const kept = new Map<string, { key: Promise<K>; fetchedAt: number; until: number }>();

  async function fetchKey(url: string, now: number): Promise<K> {
    const { status, body } = await fetchPinned(url).catch((cause: unknown) => {
      throw new KeyUnreachable(cause);
    });
    if (status === 408 || status === 429 || status >= 500) throw new KeyUnreachable();
    if (status !== 200 || body.byteLength > BYTES) throw new Error(`The key was answered ${status}`);
    return read(Buffer.from(body), now, url);
  }

  return {
    keyAt(url, now) {
      const known = kept.get(url);
      if (known !== undefined && known.until > now) return known.key;
      const key = fetchKey(url, now);
      const entry = { key, fetchedAt: now, until: now + KEEP_MS };
      kept.delete(url);
      kept.set(url, entry);
      key.catch(() => (entry.until = now + KEEP_FAILURE_MS));
      for (const oldest of kept.keys()) {
        if (kept.size <= ENTRIES) break;
        kept.delete(oldest);
      }
      return key;
    },
    forget(url, now) {
      const known = kept.get(url);
      if (known !== undefined && now - known.fetchedAt >= KEEP_FAILURE_MS) kept.delete(url);
    },
  };
}

/** What to say of a signature whose key could not be had. @param error what `keyAt` has thrown */
export function withoutKey(error: unknown, reason: string): SignatureOutcome {
  return error instanceof KeyUnreachable ? { outcome: 'unavailable', reason } : invalid(reason);
}

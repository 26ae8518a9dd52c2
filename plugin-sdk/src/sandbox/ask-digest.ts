import { createHash } from 'node:crypto';
import type { AskKind } from '../contract/journal.ts';

/** sha256 in hex over the kind, a line feed and the request's text, as the journal keeps it. */
export function askDigest(kind: AskKind, request: string | Uint8Array): string {
  return createHash('sha256').update(`${kind}\n`).update(request).digest('hex');
}

import { verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { preAuthEncoding } from '@patchbay/plugin-sdk/package/dsse';

export const ENTRY_TYPE = 'application/vnd.patchbay.log-entry+json';

/** As it is kept and handed out: exactly this text is hashed and signed. */
export interface LoggedEntry {
  seq: number;
  entry: string;
  hash: string;
  signature: string;
}

/** What an entry says. Of a later registry it may name actions that this one does not know. */
const entrySchema = z.object({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  /** Hash of the entry before; empty for the first. */
  previous: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type LogEntry = z.infer<typeof entrySchema>;

/** The entry, if it follows from the place before and is signed; undefined if it does not. */
export function readEntry(
  { seq, entry, hash, signature }: LoggedEntry,
  before: { seq: number; hash: string },
  publicKey: KeyObject,
): LogEntry | undefined {
  const signed = verify(
    null,
    preAuthEncoding(ENTRY_TYPE, Buffer.from(entry)),
    publicKey,
    Buffer.from(signature, 'base64'),
  );
  if (!signed || hash !== sha256(entry)) return undefined;
  const { data } = entrySchema.safeParse(jsonOrUndefined(entry));
  const follows = data?.seq === before.seq + 1 && seq === data.seq && data.previous === before.hash;
  return follows ? data : undefined;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { decisionLogHeadSchema, decisionLogPageSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { envelopeSchema, keyId } from '@patchbay/plugin-sdk/package/dsse';
import { verifyEnvelope } from '@patchbay/plugin-sdk/package/statement';
import { readEntry, type LogEntry } from '../log/log-entry.ts';
import type { LogPlace } from './registry-trust.ts';

export const signedHeadSchema = decisionLogHeadSchema.extend({ envelope: envelopeSchema });
export const logPageSchema = decisionLogPageSchema;

export type HeadOutcome = { ok: true; place: LogPlace } | { ok: false; message: string };

/** How far the log has come, as the trusted key signed it. */
export function verifyHead({ envelope }: z.infer<typeof signedHeadSchema>, key: KeyObject): HeadOutcome {
  const opened = verifyEnvelope('log-head', envelope, new Map([[keyId(key), key]]));
  if (!opened.ok) return { ok: false, message: opened.message };
  const { seq: number, hash: logHash } = opened.statement;
  return { ok: true, place: { number, logHash } };
}

export type PageOutcome = { ok: true; entries: LogEntry[]; place: LogPlace } | { ok: false; message: string };

/**
 * A page of the log, each entry of which follows from the one before, beginning at a place that was verified, and none of
 * which lies beyond the head.
 */
export function verifyPage(
  page: z.infer<typeof logPageSchema>,
  after: LogPlace,
  head: LogPlace,
  key: KeyObject,
): PageOutcome {
  const entries: LogEntry[] = [];
  let before = { seq: after.number, hash: after.logHash };
  for (const logged of page.items) {
    if (before.seq === head.number) break;
    const entry = readEntry(logged, before, key);
    if (entry === undefined)
      return { ok: false, message: `the entry after ${before.seq} does not follow from what this host has read` };
    entries.push(entry);
    before = { seq: logged.seq, hash: logged.hash };
  }
  if (before.seq === head.number && before.hash !== head.logHash)
    return { ok: false, message: `it does not lead to the head that was signed at ${head.number}` };
  return { ok: true, entries, place: { number: before.seq, logHash: before.hash } };
}
